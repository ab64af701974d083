-- H2 writes a sequence, and with it whatever waits to be written, each time that its stock is used up: 32 numbers,
-- unless it is told more. A first beat brings a hundred findings.
ALTER TABLE niro_finding ALTER COLUMN seq SET CACHE 4096;
ALTER TABLE niro_timeline ALTER COLUMN seq SET CACHE 4096;
ALTER TABLE niro_incident ALTER COLUMN seq SET CACHE 4096;
