from odoo.tools import SQL


def migrate(cr, version):
    """A disposition needs an instruction or a note from now on: propose the usual one."""
    cr.execute(
        SQL(
            """
            UPDATE lapor_instruction SET proposed = TRUE
             WHERE id IN (SELECT res_id FROM ir_model_data
                           WHERE module = 'lapor_base' AND model = 'lapor.instruction'
                             AND name = 'instruction_tindak_lanjuti_sesuai_ketentuan')
               AND NOT EXISTS (SELECT FROM lapor_instruction WHERE proposed)
            """
        )
    )
