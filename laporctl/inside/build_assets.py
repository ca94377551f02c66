"""Run in Odoo's shell: put together the style sheets and scripts that people's pages load."""

qweb = env["ir.qweb"]
scripts, styles = qweb._get_bundles_to_pregenarate()
for name in sorted(name for name in scripts | styles if "test" not in name):
    bundle = qweb._get_asset_bundle(name, css=name in styles, js=name in scripts)
    if name in scripts:
        bundle.js()
    if name in styles:
        bundle.css()
env.cr.commit()
