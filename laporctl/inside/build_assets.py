"""Run in Odoo's shell: put together the style sheets and scripts that people's pages load.

``ARGUMENTS``: ``tests`` (whether those of the browser tests, too).
"""

qweb = env["ir.qweb"]
scripts, styles = qweb._get_bundles_to_pregenarate()
for name in sorted(name for name in scripts | styles if ARGUMENTS["tests"] or "test" not in name):
    bundle = qweb._get_asset_bundle(name, css=name in styles, js=name in scripts)
    if name in scripts:
        bundle.js()
    if name in styles:
        bundle.css()
env.cr.commit()
