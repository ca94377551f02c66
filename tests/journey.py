"""The way of a complaint through Balangan's eleven steps, as its seven officers do it.

A real browser on a running server: every click is a click that an officer makes, so what is
slow, hidden or broken for them breaks this. Used by ``test_journey.py``; run by itself it
takes the pictures for the documentation::

    python tests/journey.py --base http://127.0.0.1:8069 --number BLG-2026-00001 --shots docs/gambar
"""

import argparse
import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; the first page of a fresh server builds its assets


class Officer:
    """One officer with a browser window of one's own."""

    def __init__(self, browser, base, login, phone=False):
        self.base = base
        self.phone = phone
        self.errors = []
        self.context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1400, "height": 900},
            is_mobile=phone,
            locale="id-ID",
            timezone_id="Asia/Makassar",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{base}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")

    def open_task(self, number):
        """Find the complaint in "Tugas Saya" and open it."""
        self.page.goto(f"{self.base}/odoo/tugas-saya")
        card = self.page.locator(".o_kanban_record", has_text=number).first
        # The web client shows first what it has kept of a case that was open before.
        with self.page.expect_response("**/lapor.complaint/web_read"):
            card.click()
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector(".o_lapor_acts_mine")

    def begin(self):
        """Press the primary button; its dialog opens."""
        self.page.click(".o_lapor_act_primary")
        self.page.wait_for_selector(".modal .modal-footer .btn-primary")

    def choose(self, field, text):
        """Pick a record in a many2one of the dialog: by typing, on a phone from cards."""
        box = self.page.locator(f".modal [name={field}] input").first
        box.click()
        if self.phone:
            self.page.locator(".modal .o_kanban_record", has_text=text).first.click()
            self.page.wait_for_selector(".modal .o_kanban_record", state="detached")
            return
        box.fill(text)
        self.page.locator(
            ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=text
        ).first.click()

    def tick(self, field, text):
        """Tick a box of a list in the dialog."""
        self.page.locator(f".modal [name={field}] label", has_text=text).click()

    def write(self, field, text):
        """Fill a text of the dialog."""
        self.page.locator(f".modal [name={field}] textarea").first.fill(text)

    def write_letter(self, text):
        """Write into the body of a response, in place of the slot below its opening."""
        editor = self.page.locator(".modal [name=body] .odoo-editor-editable")
        editor.locator("p").nth(2).click(click_count=3)
        self.page.keyboard.type(text)

    def finish(self):
        """Confirm the dialog and wait until the step is no longer this officer's."""
        self.page.locator(".modal .modal-footer .btn-primary:visible").click()
        self.page.wait_for_selector(".modal", state="detached")
        expect(self.page.locator(".o_lapor_acts_mine")).to_have_count(0, timeout=PATIENCE)

    def initial(self, number):
        """Give the initial (paraf) that a letter waits for."""
        self.page.goto(f"{self.base}/odoo/tanggapan-saya")
        self.page.locator(".o_kanban_record", has_text=number).first.click()
        self.page.click("button[name=action_open_paraf]")
        self.page.locator(".modal .o_lapor_paraf:visible").click()
        self.page.wait_for_selector(".modal", state="detached")
        self.page.wait_for_selector("button[name=action_open_paraf]", state="detached")

    def picture(self, folder, name):
        if folder:
            self.page.wait_for_timeout(600)
            self.page.screenshot(path=str(pathlib.Path(folder) / f"{name}.png"))


def walk_balangan(browser, base, number, shots=None):
    """Walk one e-mailed complaint from step 1 to the sent response.

    :param browser: a Playwright browser
    :param str base: address of the server
    :param str number: number of a complaint that waits at step 1
    :param shots: folder for pictures, or None
    :returns: console errors seen by any officer
    """
    errors = []

    def officer(login, phone=False):
        return Officer(browser, base, login, phone)

    def leave(someone):
        errors.extend(someone.errors)
        someone.context.close()

    admin = officer("admin.balangan")
    admin.page.goto(f"{base}/odoo/pengaduan")
    admin.page.wait_for_selector(".o_kanban_record")
    admin.picture(shots, "papan-aduan")
    admin.open_task(number)
    admin.picture(shots, "aduan-masuk")
    admin.begin()
    admin.choose("category_id", "Infrastruktur")
    admin.picture(shots, "langkah-1-registrasi")
    admin.finish()
    leave(admin)

    kasi = officer("kasi.balangan")
    kasi.open_task(number)
    kasi.begin()
    kasi.write("note", "Identitas lengkap, lokasi jelas, kewenangan Dinas PUPR.")
    kasi.picture(shots, "langkah-2-periksa")
    kasi.finish()
    leave(kasi)

    kabid = officer("kabid.balangan")
    kabid.open_task(number)
    kabid.begin()
    kabid.finish()

    kadis = officer("kadis.balangan", phone=True)
    kadis.open_task(number)
    kadis.picture(shots, "langkah-4-telepon")
    kadis.begin()  # the category's usual OPD is proposed
    kadis.page.locator(
        ".modal [name=instruction_ids] label", has_text="Proses lebih lanjut"
    ).click()
    kadis.write("disposition_note", "Mohon ditangani dan dijawab.")
    kadis.picture(shots, "langkah-4-disposisi-telepon")
    kadis.finish()
    leave(kadis)

    opd = officer("admin.dpupr.balangan")
    opd.open_task(number)
    opd.begin()
    opd.finish()

    head = officer("kepala.dpupr.balangan")
    head.open_task(number)
    head.begin()
    head.choose("lead_position_id", "Bina Marga")
    head.tick("instruction_ids", "Siapkan jawaban")
    head.picture(shots, "langkah-6-disposisi")
    head.finish()

    technical = officer("binamarga.balangan")
    technical.open_task(number)
    technical.begin()
    technical.write_letter(
        "Lubang sepanjang dua puluh meter telah ditambal pada 20 November 2026. "
        "Perbaikan menyeluruh dianggarkan tahun 2027."
    )
    technical.picture(shots, "langkah-7-konsep")
    technical.finish()
    leave(technical)

    # In this office of the demo the letters of a Bidang pass by the secretary.
    secretary = officer("sekretaris.dpupr.balangan")
    secretary.initial(number)
    leave(secretary)

    head.open_task(number)
    head.begin()
    head.picture(shots, "langkah-8-tanda-tangan")
    head.finish()
    leave(head)

    opd.open_task(number)
    opd.begin()
    opd.finish()
    leave(opd)

    kabid.open_task(number)
    kabid.begin()
    kabid.finish()
    leave(kabid)

    admin = officer("admin.balangan")
    admin.open_task(number)
    admin.begin()
    admin.picture(shots, "langkah-11-kirim")
    admin.finish()
    expect(admin.page.locator(".o_lapor_path_done")).to_have_count(11, timeout=PATIENCE)
    admin.picture(shots, "aduan-selesai")
    leave(admin)
    return errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--number", required=True, help="complaint of Balangan at step 1")
    parser.add_argument("--shots", help="folder for the pictures")
    options = parser.parse_args()
    if options.shots:
        pathlib.Path(options.shots).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        errors = walk_balangan(browser, options.base, options.number, options.shots)
        browser.close()
    for error in errors:
        print("console:", error[:300])
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
