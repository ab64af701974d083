-- H2 keeps a MiB in a BYTEA unless it is told more; PostgreSQL needs no number.
ALTER TABLE niro_inventory ALTER COLUMN body SET DATA TYPE VARBINARY(67108864);
ALTER TABLE niro_inventory_delta ALTER COLUMN body SET DATA TYPE VARBINARY(67108864);
