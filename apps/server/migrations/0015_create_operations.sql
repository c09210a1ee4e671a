-- Refunds, captures and voids are one thing: an operation on a charge at the gateway that approved it.
alter table refunds rename to operations;
alter index refunds_due rename to operations_due;
alter table operations rename constraint refunds_pkey to operations_pkey;
-- one at a time was a rule of refunds by the merchant API, which the payment's status keeps
drop index refunds_one_undecided;
alter table operations add column kind text not null default 'refund' check (kind in ('refund', 'capture', 'void'));
alter table operations alter column kind drop default;
-- the capture that is refunded
alter table operations add column capture_id text collate "C";
-- captures and voids: nothing is left of the hold afterwards
alter table operations add column final boolean not null default false;
-- of captures and voids of a hold, once done: what was held until then, and what of the captured amount is fee and reserve
alter table operations add column held_minor bigint;
alter table operations add column fee_minor bigint;
alter table operations add column reserved_minor bigint;
alter table operations add column signals json;
alter table operations add column card_facts json;

alter table payments drop constraint payments_payment_flow_check;
alter table payments add constraint payments_payment_flow_check check (payment_flow in ('charge', 'verify', 'authorize'));
-- of authorizations: what the gateway holds for us, and what of it was given up; what was taken is the processed amount
alter table payments add column authorized_amount_minor bigint;
alter table payments add column voided_amount_minor bigint;
alter table payments add constraint payments_taken_within_hold check (
  authorized_amount_minor is null or coalesce(processed_amount_minor, 0) + coalesce(voided_amount_minor, 0) <= authorized_amount_minor
);
-- the Card API's code where no attempt says it: no gateway fits, blocked, refused
alter table payments add column unified_code text;
-- keyed hash of the card number
alter table payments add column card_fingerprint text collate "C";

alter table attempts add column card_facts json;
