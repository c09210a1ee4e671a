-- The public API and provider events know a payment by its id alone, that is by its serial number. An index on the id itself
-- tempts the planner: for a page of a merchant with many payments it would walk through everybody's, newest first, and a
-- merchant who has been quiet for a while would wait for all who have not. This one gives no order by id.
create index payments_serial on payments (substr(id, 5));
drop index payments_id;
