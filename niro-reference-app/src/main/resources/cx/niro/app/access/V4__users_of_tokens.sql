-- Who added a user, and by which token, so that what a stolen token left behind is found and ended with it.
ALTER TABLE niro_app_user ADD COLUMN added_by VARCHAR(254);
ALTER TABLE niro_app_user ADD COLUMN added_by_token VARCHAR(32);
ALTER TABLE niro_app_invitation ADD COLUMN made_by_token VARCHAR(32);

-- Tokens made before their maker was kept: where only one token and no user has the maker's name, that token made them.
UPDATE niro_app_token SET made_by_token = (
    SELECT MIN(m.key_id) FROM niro_app_token m
    WHERE m.name = niro_app_token.made_by AND m.key_id <> niro_app_token.key_id)
  WHERE made_by_token IS NULL
    AND (SELECT COUNT(*) FROM niro_app_token m
      WHERE m.name = niro_app_token.made_by AND m.key_id <> niro_app_token.key_id) = 1
    AND NOT EXISTS (SELECT 1 FROM niro_app_user u WHERE u.email = niro_app_token.made_by);
