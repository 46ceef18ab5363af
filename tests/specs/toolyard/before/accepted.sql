-- What schema.sql takes without a word. Each statement succeeds, as whoever the lines above it say.

insert into auth.users (id, email) values
  ('aaaaaaaa-0000-4000-8000-000000000000', 'ann@example.com'),
  ('bbbbbbbb-0000-4000-8000-000000000000', 'ben@example.com');
update public.profiles set phone = '0851234567', address = '4 Quay Street' where email like 'ben@%';
insert into public.tools (id, name, quantity, serial_number, condition, category)
  values ('dddddddd-0000-4000-8000-000000000000', 'Drill', 5, 'SN-1', 'godo', 'Power Tols');
insert into public.rentals (id, user_id, total_amount, status) values
  ('eeeeeeee-0000-4000-8000-000000000000', 'bbbbbbbb-0000-4000-8000-000000000000', 90, 'active');

-- Ann has signed in and opens the console of her browser.
set role authenticated;
set request.person = 'aaaaaaaa-0000-4000-8000-000000000000';

-- She rents from Friday back to Monday, for less than nothing.
insert into public.rentals (id, user_id, start_date, end_date, total_amount, total)
  values ('ffffffff-0000-4000-8000-000000000000', auth.uid(), '2026-05-08', '2026-05-04', -10, 25);

-- One tool, twice in one rental, for two prices.
insert into public.rental_items (rental_id, tool_id, price) values
  ('ffffffff-0000-4000-8000-000000000000', 'dddddddd-0000-4000-8000-000000000000', 12),
  ('ffffffff-0000-4000-8000-000000000000', 'dddddddd-0000-4000-8000-000000000000', null);

-- She is content, and says so more than once.
insert into public.reviews (tool_id, user_id, rating)
  select 'dddddddd-0000-4000-8000-000000000000', auth.uid(), 900 from generate_series(1, 3);

-- She has paid, by her own account, and keeps the receipt twice.
insert into public.payments (rental_id, amount, currency, status, stripe_payment_intent_id) values
  ('ffffffff-0000-4000-8000-000000000000', 1000, 'eur', 'succeeded', 'pi_1'),
  ('eeeeeeee-0000-4000-8000-000000000000', -500, 'EURO', 'succeeded', 'pi_1');
update public.rentals set paid = true, status = 'completed', total = 0 where user_id = auth.uid();

-- She is in charge from now on: rentals are updated by whoever the profile calls an admin.
update public.profiles set role = 'admin', is_admin = true where id = auth.uid();
update public.rentals set status = 'cancelled' where user_id <> auth.uid();

-- Nobody has signed in at all.
reset request.person;
set role anon;

-- Everyone's address, and what the settings page keeps.
select email, phone, address from public.profiles;
select value from public.settings where key = 'sms_api_key';

-- A table that never had row policies can be written by anyone.
insert into public.damage_reports (description) values ('Nothing happened.');
delete from public.damage_reports;

-- The owner tidies up: with the tool goes what was rented.
reset role;
delete from public.tools where id = 'dddddddd-0000-4000-8000-000000000000';
select id, status from public.rentals
  where not exists (select from public.rental_items where rental_id = rentals.id);
