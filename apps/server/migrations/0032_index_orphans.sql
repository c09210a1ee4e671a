-- Whether a provider has given an id before is asked at every answer: orders that nobody was shown are not in the unique index, and
-- looking for them read everything the provider was ever asked for.
create index provider_payments_orphans on provider_payments (provider_id, test_mode, provider_reference) where orphan;
