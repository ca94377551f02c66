from odoo import fields, models


class LaporSopLayoutMixin(models.AbstractModel):
    """The words and places of an SOP's own layout, which differ from government to government.

    Bantul prints "Disahkan oleh" and "Aktivitas", Balangan "Pengesahan" and "Uraian Prosedur",
    Kapuas "Ket." below "Mutu Baku". They are parts of the document, and printed back as they
    were.
    """

    _name = "lapor.sop.layout.mixin"
    _description = "Layout of an SOP"

    label_effective = fields.Char(string="Label of the Date in Force", default="Tanggal Efektif")
    label_endorsement = fields.Char(string="Label of the Endorsement", default="Disahkan oleh")
    label_legal_basis = fields.Char(string="Label of the Legal Basis", default="Dasar Hukum")
    label_qualification = fields.Char(
        string="Label of the Qualification", default="Kualifikasi Pelaksana"
    )
    label_relation = fields.Char(string="Label of Related SOPs", default="Keterkaitan")
    label_equipment = fields.Char(string="Label of the Equipment", default="Peralatan/Perlengkapan")
    label_warning = fields.Char(string="Label of the Warning", default="Peringatan")
    label_recording = fields.Char(
        string="Label of the Recording", default="Pencatatan dan Pendataan"
    )
    label_number = fields.Char(string="Heading of Numbers", default="No")
    label_activity = fields.Char(string="Heading of Activities", default="Aktivitas")
    label_actors = fields.Char(string="Heading of Actors", default="Pelaksana")
    label_standard = fields.Char(string="Heading of Standards", default="Mutu Baku")
    label_input = fields.Char(string="Heading of Inputs", default="Input")
    label_requirement = fields.Char(
        string="Heading of Requirements", default="Persyaratan / Kelengkapan"
    )
    label_output = fields.Char(string="Heading of Outputs", default="Output")
    label_remark = fields.Char(string="Heading of Remarks", default="Keterangan")
    label_total = fields.Char(string="Label of the Total", default="TOTAL")
    header_columns = fields.Selection(
        [("one", "Below each other"), ("two", "Side by side")],
        string="Order of Header Texts",
        required=True,
        default="two",
    )
    numbers_columns = fields.Boolean(
        string="Columns Are Numbered", help="A row of numbers below the headings of the table."
    )
    remark_in_standard = fields.Boolean(
        string="Remarks Below the Standard", help="The remarks stand under the common heading."
    )
    signed_in_header = fields.Boolean(
        string="Signed in the Header", help="The signer's name stands in the header box."
    )
    signed_below = fields.Boolean(string="Signed Below the Table", default=True)
