-- The shop's database. Money is whole pence, days are ISO 8601.
CREATE TABLE IF NOT EXISTS products (
    model TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    price_pence INTEGER NOT NULL CHECK (price_pence > 0),
    place INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY,
    postcode TEXT NOT NULL,
    model TEXT NOT NULL REFERENCES products (model),
    state TEXT NOT NULL CHECK (state IN
        ('being_packed', 'shipped', 'out_for_delivery', 'delivered', 'ready_for_pickup', 'cancelled')),
    placed_on TEXT NOT NULL,
    day TEXT,
    store TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS appointment_slots (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    day TEXT NOT NULL,
    time_window TEXT NOT NULL CHECK (time_window IN ('morning', 'afternoon'))
) STRICT;

CREATE INDEX IF NOT EXISTS appointment_slots_by_area ON appointment_slots (area, day);

-- UNIQUE is what keeps two customers from taking one visit.
CREATE TABLE IF NOT EXISTS appointments (
    id INTEGER PRIMARY KEY,
    slot_id TEXT NOT NULL UNIQUE REFERENCES appointment_slots (id),
    appliance TEXT NOT NULL,
    problem TEXT NOT NULL,
    postcode TEXT NOT NULL,
    email TEXT NOT NULL
) STRICT;

-- What each write answered, so that the same write again answers the same. No appointment: the visit was taken.
CREATE TABLE IF NOT EXISTS writes (
    key TEXT PRIMARY KEY,
    slot_id TEXT NOT NULL,
    appointment_id INTEGER REFERENCES appointments (id)
) STRICT;

-- UNIQUE on the order: nothing goes back twice. The key is that of the turn that registered the return, so that the
-- same turn again finds its own. No day: the customer takes it to a store.
CREATE TABLE IF NOT EXISTS returns (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    order_number TEXT NOT NULL UNIQUE REFERENCES orders (number),
    reason TEXT NOT NULL CHECK (reason IN ('changed_mind', 'faulty', 'damaged', 'wrong_item', 'other')),
    words TEXT NOT NULL,
    collect_on TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS returns_by_day ON returns (collect_on);

-- What limits are counted by: one row for each time that something happened (a wrong pair of number and postcode, a
-- booking, a return) and for each that it counts for (an order number, a conversation, an origin, an e-mail address).
-- The key is that of the turn, so that the same turn again counts once; a row goes when its window is over.
CREATE TABLE IF NOT EXISTS tallies (
    what TEXT NOT NULL,
    counted_for TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL, -- seconds since 1970, UTC
    PRIMARY KEY (what, counted_for, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS tallies_by_time ON tallies (what, at);
