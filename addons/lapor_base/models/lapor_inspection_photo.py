import base64
import hashlib
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.photo import check_photo, photo_time


class LaporInspectionPhoto(models.Model):
    """A photo of an inspection, kept as it was taken, with its time."""

    _name = "lapor.inspection.photo"
    _description = "Photo of an Inspection"
    _inherit = ["lapor.inspection.part.mixin"]
    _order = "inspection_id, taken_at, id"

    name = fields.Char(string="Caption")
    image = fields.Binary(
        string="Photo", required=True, attachment=True, help="The original, not made smaller."
    )
    file_name = fields.Char()
    taken_at = fields.Datetime(string="Taken On", readonly=True)
    time_source = fields.Selection(
        [("camera", "As the camera says"), ("upload", "As it was uploaded")], readonly=True
    )
    sha256 = fields.Char(string="Fingerprint", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        # The original is the evidence: no resizing, which would also drop its time.
        original = self.with_context(image_no_postprocess=True)
        photos = super(LaporInspectionPhoto, original).create(vals_list)
        photos._read_photo()
        return photos.with_env(self.env)

    def write(self, vals):
        if "image" in vals and not self.env.su:
            raise UserError(self.env._("A photo is not exchanged: remove it and add another."))
        return super().write(vals)

    @api.model
    def _act_fields(self):
        return {"taken_at", "time_source", "sha256"}

    def _read_photo(self):
        """Check the files and note when they were taken.

        :raises UserError: when one is no photo, empty or too large
        """
        # Looks at files that the user hands in; nothing else is read.
        for photo in self.sudo():
            raw = base64.b64decode(photo.with_context(bin_size=False).image or b"")
            try:
                check_photo(raw)
            except ValueError as error:
                raise UserError(photo._photo_error(error.args[0])) from error
            taken, source = fields.Datetime.now(), "upload"
            told = photo_time(raw)
            if told:
                moment, offset = told
                if offset is None:
                    zone = pytz.timezone(photo.inspection_id.visit_id.unit_id._get_tz())
                    moment = zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
                else:
                    moment -= offset
                # A camera whose clock was never set proves nothing.
                if timedelta(0) <= taken + timedelta(minutes=10) - moment < timedelta(days=3650):
                    taken, source = moment, "camera"
            photo.write(
                {
                    "taken_at": taken,
                    "time_source": source,
                    "sha256": hashlib.sha256(raw).hexdigest(),
                }
            )

    def _photo_error(self, reason):
        name = self.file_name or self.name or ""
        if reason == "empty":
            return self.env._("The photo “%s” is empty. Take or choose it again.", name)
        if reason == "large":
            return self.env._("The photo “%s” is larger than 25 MB.", name)
        if reason == "pixels":
            return self.env._(
                "The photo “%s” has too many pixels. Take it with at most 25 megapixels.", name
            )
        return self.env._("“%s” is no photo. Choose a JPEG, PNG or WebP file.", name)
