//! The promises of the server, tried from outside: the real executable is asked by many at once, killed, frozen, cut off,
//! starved of room, and robbed of its power; what it had answered must be true afterwards. `make test` runs a short
//! round of each, `make torture` the long ones, one after the other.

mod changes;
mod checks;
mod clock;
mod cuts;
mod damage;
mod effects;
mod effort;
mod history;
mod http;
mod judge;
mod locks;
mod memory;
mod mistakes;
mod nemesis;
mod old_or_new;
mod people;
mod place;
mod power;
mod races;
mod server;
mod slow;
mod sweep;
mod upgrades;
mod uploads;
