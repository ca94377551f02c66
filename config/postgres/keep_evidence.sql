-- Take the tables of the evidence from Odoo's role: it may read them and add to them, nothing else.
-- Run by the admin role after each installation; adopt.sql gives them back before an upgrade.
-- Variable of psql: tables (names, separated by commas).
SELECT set_config('lapor.tables', :'tables', false) \g /dev/null
DO $$
DECLARE
    name text;
    part record;
BEGIN
    FOREACH name IN ARRAY string_to_array(current_setting('lapor.tables'), ',')
    LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO CURRENT_USER', name);
        EXECUTE format('REVOKE ALL ON TABLE %I FROM PUBLIC, lapor', name);
        EXECUTE format('GRANT SELECT, INSERT ON TABLE %I TO lapor', name);
        FOR part IN SELECT s.oid::regclass AS name
                      FROM pg_class s JOIN pg_depend d ON d.objid = s.oid
                     WHERE s.relkind = 'S' AND d.classid = 'pg_class'::regclass
                       AND d.refobjid = name::regclass
        LOOP
            EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, lapor', part.name);
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO lapor', part.name);
        END LOOP;
        -- also for a session that replicates; and nobody but the owner replaces what they call
        FOR part IN SELECT tgname, tgfoid::regprocedure AS called
                      FROM pg_trigger WHERE tgrelid = name::regclass AND NOT tgisinternal
        LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', name, part.tgname);
            EXECUTE format('ALTER ROUTINE %s OWNER TO CURRENT_USER', part.called);
        END LOOP;
    END LOOP;
END
$$;
