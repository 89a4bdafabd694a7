CREATE TABLE orders (id bigserial PRIMARY KEY, buyer text, total numeric);
