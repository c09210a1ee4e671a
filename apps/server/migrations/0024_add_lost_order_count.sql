-- How often in a row the provider said that it does not know the payment.
alter table provider_payments
  add column not_found_count smallint not null default 0;

-- Whose owner and number are still kept in full.
create index provider_payments_personal on provider_payments (ended_at) where requisites_encrypted is not null and ended_at is not null;
