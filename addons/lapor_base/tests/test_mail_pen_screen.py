from odoo.tests import HttpCase, tagged

from .mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailPenScreen(HttpCase, MailIntakeCase):
    def test_number_on_my_tasks_opens_the_held_mails(self):
        self._process(self._mail(sender="noreply@x.example", subject="Menunggu"))
        self._process(self._mail(sender=self.office_address, subject="Dari sendiri"))
        self.operator.password = self.operator.login + "-sandi"
        self.browser_js(
            "/odoo/tugas-saya",
            """
            (async () => {
            const wait = async (find) => {
                for (let turn = 0; turn < 200; turn++) {
                    const found = find();
                    if (found) return found;
                    await new Promise((done) => setTimeout(done, 100));
                }
                throw new Error("not there: " + find);
            };
            const count = await wait(() => document.querySelector(".o_lapor_held_mails_count"));
            if (count.textContent.trim() !== "1") throw new Error(count.textContent);
            count.click();
            await wait(() => document.querySelector(".o_list_view .o_data_row"));
            const rows = document.querySelectorAll(".o_list_view .o_data_row");
            if (rows.length !== 1) throw new Error("rows: " + rows.length);
            document.querySelector(".o_data_row .o_list_record_selector input").click();
            (await wait(() =>
                [...document.querySelectorAll(".o_control_panel button, .o_cp_buttons button")]
                    .find((button) => /Decide|Putuskan/.test(button.textContent))
            )).click();
            const row = await wait(() => document.querySelector(".modal .o_data_row"));
            if (!/Menunggu/.test(row.textContent)) throw new Error(row.textContent);
            [...document.querySelectorAll(".modal footer button")][0].click();
            await wait(() =>
                /Taken in:|Diterima:/.test(document.querySelector(".modal")?.textContent || "")
            );
            console.log("test successful");
            })().catch((error) => console.error(String(error)));
            """,
            login=self.operator.login,
        )
        self.assertEqual(
            self.env["lapor.mail.held"].search([("name", "=", "Menunggu")]).state, "released"
        )
