-- Which tables of settings changed, so that a process may keep what it has read of them until somebody writes there.
-- A row per transaction and table, only ever added: writers of settings never wait for each other here. Its transaction id tells
-- a reader what has been committed since its last look: everything from the oldest transaction on that was running then.
create table settings_changes (
  xid xid8 not null,
  table_name text collate "C" not null,
  changed_at timestamptz not null,
  primary key (xid, table_name)
);

-- The same id can be there already after a dump was restored into a new server; the new moment tells the two apart.
create function note_settings_change() returns trigger language plpgsql as $$
begin
  insert into settings_changes (xid, table_name, changed_at)
  values (pg_current_xact_id(), tg_table_name, clock_timestamp())
  on conflict (xid, table_name) do update set changed_at = excluded.changed_at;
  return null;
end $$;

create trigger accounts_changed after insert or update or delete or truncate on accounts
  for each statement execute function note_settings_change();
create trigger account_keys_changed after insert or update or delete or truncate on account_keys
  for each statement execute function note_settings_change();
create trigger account_payment_services_changed after insert or update or delete or truncate on account_payment_services
  for each statement execute function note_settings_change();
create trigger cascade_settings_changed after insert or update or delete or truncate on cascade_settings
  for each statement execute function note_settings_change();
create trigger currencies_changed after insert or update or delete or truncate on currencies
  for each statement execute function note_settings_change();
create trigger currency_accounts_changed after insert or update or delete or truncate on currency_accounts
  for each statement execute function note_settings_change();
create trigger exchange_rates_changed after insert or update or delete or truncate on exchange_rates
  for each statement execute function note_settings_change();
create trigger gateway_tariffs_changed after insert or update or delete or truncate on gateway_tariffs
  for each statement execute function note_settings_change();
create trigger gateways_changed after insert or update or delete or truncate on gateways
  for each statement execute function note_settings_change();
create trigger payment_methods_changed after insert or update or delete or truncate on payment_methods
  for each statement execute function note_settings_change();
create trigger payment_services_changed after insert or update or delete or truncate on payment_services
  for each statement execute function note_settings_change();
create trigger payout_methods_changed after insert or update or delete or truncate on payout_methods
  for each statement execute function note_settings_change();
create trigger routing_versions_changed after insert or update or delete or truncate on routing_versions
  for each statement execute function note_settings_change();
create trigger shops_changed after insert or update or delete or truncate on shops
  for each statement execute function note_settings_change();
