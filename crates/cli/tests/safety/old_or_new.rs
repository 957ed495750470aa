//! `migrate`, `backup` and `restore` of a SQLite installation, killed at each system call that changes a file: what was
//! there before is there, or what was wanted, never something between; and the same command, given again, does it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::effort::{is_long, rounds, turn};
use crate::place::said;

const CALLS: [&str; 8] = [
    "openat",
    "pwrite64",
    "write",
    "copy_file_range,sendfile",
    "fsync,fdatasync",
    "rename,renameat,renameat2",
    "link,linkat",
    "unlink,unlinkat,mkdir,mkdirat,rmdir,ftruncate",
];
const LIST: &str = "Name,Email,Tags\nAnna Lee,anna@example.com,vip\nBen Ito,ben@example.com,\n";

/// The executable in a folder, killed at the k-th call of a kind if `kill` says so.
fn run(folder: &Path, kill: Option<(&str, u64)>, words: &[&str]) -> Output {
    let convoke = env!("CARGO_BIN_EXE_convoke");
    let mut command = match kill {
        None => Command::new(convoke),
        Some((call, k)) => {
            let mut traced = Command::new("strace");
            traced.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
            traced.args([&format!("inject={call}:signal=SIGKILL:when={k}"), convoke]);
            traced
        }
    };
    for name in ["CONVOKE_CONFIG", "CONVOKE_FILES", "CONVOKE_SERVER", "CONVOKE_TOKEN"] {
        command.env_remove(name);
    }
    command.args(words).current_dir(folder).env("CONVOKE_DB", "convoke.db").output().expect("it starts")
}

#[track_caller]
fn done(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, None, words);
    assert!(output.status.success(), "{words:?}: {}", said(&output));
    String::from_utf8(output.stdout).expect("text")
}

/// What an installation holds.
fn held(folder: &Path) -> (String, String) {
    let history = done(folder, &["imports", "list", "--json"]);
    let import = serde_json::from_str::<serde_json::Value>(&history).expect("one import");
    let original = done(folder, &["imports", "original", import["import"].as_str().expect("an id")]);
    (done(folder, &["people", "list", "--as", "advocates", "--json"]), original)
}

/// Kills a command at its calls, as often as it makes them: at each in the long rounds, else at the first ones and fewer
/// behind. `killed` judges what is there, and says whether there was such a call.
fn swept(mut killed: impl FnMut((&str, u64)) -> bool) {
    let _turn = turn();
    let step = (300 / rounds(1, 300)).max(1);
    let mut kills = 0;
    for call in CALLS {
        let mut k = 1;
        while killed((call, k)) {
            kills += 1;
            k += if is_long() { step } else { 1 + k / 2 };
        }
    }
    assert!(kills > CALLS.len(), "only {kills} were killed");
}

/// Whether the signal came: strace ends as the command did.
fn is_killed(output: &Output) -> bool {
    output.status.code().is_none()
}

#[test]
fn a_migration_that_is_killed_leaves_no_tables_or_all() {
    swept(|kill| {
        let place = tempfile::tempdir().expect("a folder");
        let ended = run(place.path(), Some(kill), &["migrate"]);
        let found = run(place.path(), None, &["groups", "list"]);
        let told = said(&found);
        let is_old = ["there is no database", "stands at migration 0 of"].iter().any(|words| told.contains(words));
        assert!(found.status.success() || is_old, "{kill:?}: {told}");
        done(place.path(), &["migrate"]);
        done(place.path(), &["groups", "add", "Launch"]);
        is_killed(&ended)
    });
}

#[test]
fn a_backup_that_is_killed_is_not_there_or_is_whole() {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("list.csv"), LIST).expect("written");
    done(place.path(), &["import", "list.csv", "--as", "advocates"]);
    let before = held(place.path());
    swept(|kill| {
        let copy = place.path().join("copy");
        let ended = run(place.path(), Some(kill), &["backup", "copy"]);
        assert!(copy.exists() || !ended.status.success(), "{kill:?}: {}", said(&ended));
        assert_eq!(held(place.path()), before, "{kill:?}");
        if !copy.exists() {
            done(place.path(), &["backup", "copy"]);
        }
        assert!(!place.path().join("copy.part").exists(), "{kill:?}");
        let other = tempfile::tempdir().expect("a folder");
        done(other.path(), &["restore", copy.to_str().expect("text")]);
        assert_eq!(held(other.path()), before, "{kill:?}");
        fs::remove_dir_all(copy).expect("removed");
        is_killed(&ended)
    });
}

#[test]
fn a_restore_that_is_killed_restored_nothing_or_all_and_can_be_repeated() {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("list.csv"), LIST).expect("written");
    done(place.path(), &["import", "list.csv", "--as", "advocates"]);
    done(place.path(), &["backup", "copy"]);
    let (before, copy) = (held(place.path()), place.path().join("copy"));
    let copy = copy.to_str().expect("text");
    swept(|kill| {
        let other = tempfile::tempdir().expect("a folder");
        let ended = run(other.path(), Some(kill), &["restore", copy]);
        if other.path().join("convoke.db").exists() {
            assert_eq!(held(other.path()), before, "{kill:?}");
        } else {
            assert!(!ended.status.success(), "{kill:?}: {}", said(&ended));
            done(other.path(), &["restore", copy]);
        }
        assert_eq!(held(other.path()), before, "{kill:?}");
        is_killed(&ended)
    });
}
