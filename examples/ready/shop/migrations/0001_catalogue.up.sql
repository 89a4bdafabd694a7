-- Goods that can be ordered. A table that the way back has set aside is taken
-- up again with what it holds.
alter table if exists products_set_aside rename to products;

create table if not exists products (
    id          text   primary key,
    name        text   not null,
    price_cents bigint not null check (price_cents >= 0)
);

insert into products (id, name, price_cents) values
    ('compass', 'Brass compass', 8900),
    ('lantern', 'Storm lantern', 4550),
    ('rope', 'Mooring rope, 10 m', 2990)
on conflict (id) do nothing;
