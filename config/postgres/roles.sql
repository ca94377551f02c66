-- Odoo's role (named lapor) and its database, made by the admin role; doing it again changes nothing.
-- Variables of psql: database; password (empty where the server trusts whoever reaches it).
--
-- A database server of before had Odoo's role as its first superuser, which can be nothing less: it is
-- set aside, and the tables go to a new one (adopt.sql).
SELECT 'ALTER ROLE lapor RENAME TO lapor_before' FROM pg_roles
 WHERE rolname = 'lapor' AND rolsuper AND oid = 10 \gexec
SELECT 'ALTER ROLE lapor_before NOLOGIN' FROM pg_roles WHERE rolname = 'lapor_before' \gexec
SELECT 'CREATE ROLE lapor LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lapor') \gexec
ALTER ROLE lapor NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
SELECT format('ALTER ROLE lapor PASSWORD %L', :'password') WHERE :'password' <> '' \gexec

SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C''', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
-- whoever owns a database may drop it, and owns its schema
SELECT format('ALTER DATABASE %I OWNER TO CURRENT_USER', :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO lapor;
-- a request ends after two minutes anyway; its query must not go on without it
ALTER ROLE lapor IN DATABASE :"database" SET statement_timeout = '60s';
ALTER ROLE lapor IN DATABASE :"database" SET idle_in_transaction_session_timeout = '15min';

\connect :"database"
CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO lapor;
