-- An order that was booked although nobody was shown it (decisions/0018) is an attempt's own as one that was shown is: two orphans
-- with one id, booked in the same instant, made the provider pay twice.
drop index provider_payments_reference;
create unique index provider_payments_reference on provider_payments (provider_id, test_mode, provider_reference)
  where provider_reference is not null and (not orphan or state = 'success');
