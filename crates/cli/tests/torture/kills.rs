//! kill -9 at random moments, at every named place, and again during recovery.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::dump::{assert_same, dump};
use crate::installation::{Engine, Installation, Template};

#[expect(clippy::disallowed_methods, reason = "the number of rounds is the caller's")]
fn rounds() -> u64 {
    std::env::var("CONVOKE_TORTURE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[expect(clippy::disallowed_methods, reason = "the moment of a kill is what this test varies")]
pub(crate) fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// A repeatable number below `most` (SplitMix64).
fn draw(seed: u64, most: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (x ^ (x >> 31)) % most.max(1)
}

/// The undisturbed run and how long it took.
pub(crate) fn undisturbed(template: &Template) -> (Vec<String>, Duration) {
    let installation = template.copy();
    let began = Instant::now();
    installation.finish();
    let took = began.elapsed();
    let dump = dump(&installation);
    // The last chunk tells of keys that the first one gave.
    let told = dump.iter().filter(|line| line.contains("external_id_elsewhere")).count();
    assert_eq!(told, 1, "one chunk names others");
    (dump, took)
}

fn kill_after(installation: &Installation<'_>, time: Duration) {
    let mut child = installation.start_import();
    wait(time);
    let _ = child.kill();
    let _ = child.wait();
}

fn kill_resume_after(installation: &Installation<'_>, time: Duration) {
    installation.expire_leases();
    let Some(id) = installation.unfinished() else { return };
    let mut resume = installation.command();
    resume.args(["imports", "resume", &id]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = resume.spawn().expect("the binary starts");
    wait(time);
    let _ = child.kill();
    let _ = child.wait();
}

fn random_kills(engine: Engine) {
    let template = Template::new(engine);
    let (wanted, took) = undisturbed(&template);
    let span = took.as_millis() as u64 * 11 / 10;
    for round in 0..rounds() {
        let installation = template.copy();
        let moment = Duration::from_millis(draw(round * 2, span));
        kill_after(&installation, moment);
        let again = round % 3 == 0;
        if again {
            kill_resume_after(&installation, Duration::from_millis(draw(round * 2 + 1, span)));
        }
        installation.finish();
        let when = format!("{engine:?}, round {round}, killed after {moment:?}, twice: {again}");
        assert_same(&dump(&installation), &wanted, &when);
    }
}

#[test]
fn sqlite_killed_at_random_ends_as_if_undisturbed() {
    random_kills(Engine::Sqlite);
}

#[test]
fn postgres_killed_at_random_ends_as_if_undisturbed() {
    if !convoke_testbed::is_quick() {
        random_kills(Engine::Postgres);
    }
}

fn every_named_place(engine: Engine) {
    let template = Template::new(engine);
    let (wanted, _) = undisturbed(&template);
    for point in convoke_app::crash::POINTS {
        for pass in [1, 3] {
            let installation = template.copy();
            let died = installation.import().env("CONVOKE_CRASH_AT", format!("{point}:{pass}")).output().expect("runs");
            let passed_once =
                matches!(*point, "upload_copied" | "import_recorded" | "claimed" | "before_finish" | "after_finish");
            assert!(pass > 1 || died.status.code().is_none(), "{point} was not passed");
            if pass > 1 && passed_once {
                break;
            }
            installation.finish();
            assert_same(&dump(&installation), &wanted, &format!("{engine:?}, died at {point}, pass {pass}"));
        }
    }
}

#[test]
fn sqlite_dies_at_every_named_place_and_ends_as_if_undisturbed() {
    every_named_place(Engine::Sqlite);
}

#[test]
fn postgres_dies_at_every_named_place_and_ends_as_if_undisturbed() {
    if !convoke_testbed::is_quick() {
        every_named_place(Engine::Postgres);
    }
}
