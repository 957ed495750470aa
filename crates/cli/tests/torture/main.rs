//! The promise that an import survives anything: the real binary is killed at random moments and at every named place,
//! frozen, cut off from its database, and taken up again; people, outcomes, journal and counts must equal those of an
//! undisturbed run. `CONVOKE_TORTURE_ROUNDS` raises the number of random kills (20 by default, 300 by `make torture`).

mod dump;
mod faults;
mod installation;
mod kills;
