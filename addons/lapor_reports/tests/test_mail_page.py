from odoo.tests import tagged

from odoo.addons.lapor_base.tests.common import LaporCase


@tagged("post_install", "-at_install")
class TestMailPage(LaporCase):
    """A mail to the complainant says where the complaint can be followed."""

    def test_mail_links_to_the_tracking_page(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://aduan.uji.example")
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.sudo().complainant_id.email = "budi@warga.example"
        response = self.env["lapor.response"]._acknowledge(complaint.sudo())
        mail = response.mail_id
        self.assertIn('href="https://aduan.uji.example/aduan"', mail.body_html)
        (values,) = mail._prepare_outgoing_list()
        self.assertIn("https://aduan.uji.example/aduan", values["body_alternative"])
        # The address alone: whoever gets the mail on has no key.
        self.assertNotIn(f"kode={complaint.sudo().tracking_code}", mail.body_html)
