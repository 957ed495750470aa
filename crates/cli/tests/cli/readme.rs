//! The lines of README.md that talk to a server work as they are printed, and do the same import as the command line.

use std::path::Path;
use std::process::Command;

use crate::place::Place;
use crate::serving::{Server, full_token};

/// The blocks of commands below a heading.
fn blocks(readme: &str, heading: &str) -> String {
    let section = readme.split("\n## ").find(|section| section.starts_with(heading)).expect("the section");
    let blocks: Vec<_> = section.split("```").enumerate().filter(|(place, _)| place % 2 == 1).collect();
    blocks.iter().filter_map(|(_, block)| block.strip_prefix("sh\n")).collect()
}

#[test]
fn the_lines_about_http_work_as_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the page");
    let (here, there) = (Place::new(), Place::new());
    for name in ["advocates.csv", "prospects.csv"] {
        let sample = std::fs::read(root.join("samples").join(name)).expect("a sample");
        there.file(name, &sample);
        std::fs::create_dir_all(here.path("samples")).expect("a folder");
        here.file(&format!("samples/{name}"), &sample);
    }
    let makes = std::fs::read_to_string(root.join("samples/README.md")).expect("the page");
    let makes: String = makes
        .lines()
        .filter(|line| line.starts_with("convoke groups add") || line.starts_with("convoke fields add"))
        .fold("convoke() { \"$0\" \"$@\"; }\n".to_owned(), |script, line| script + line + "\n");
    for place in [&here, &there] {
        let mut bash = Command::new("bash");
        bash.args(["-ec", &makes, env!("CARGO_BIN_EXE_convoke")]).current_dir(place.path(""));
        let made = bash.env("CONVOKE_DB", "sqlite:convoke.db").output().expect("bash starts");
        assert!(made.status.success(), "{made:?}");
    }
    let key = full_token(&here);
    let server = Server::start(&here);
    let lines = blocks(&readme, "The same over HTTP");
    let (first, rest) = lines.split_once('\n').expect("lines");
    assert_eq!(first, "export CONVOKE=http://127.0.0.1:8787 TOKEN=cvk_...");
    let script = format!("set -euo pipefail\nexport CONVOKE={} TOKEN={key}\n{rest}", server.address);
    let ran = Command::new("bash").args(["-c", &script]).current_dir(here.path("")).output().expect("bash starts");
    assert!(ran.status.success(), "{ran:?}");
    let said = String::from_utf8(ran.stdout).expect("UTF-8");
    assert!(said.contains("event: import") && said.contains("\"status\":\"completed\""), "{said}");
    let results = here.read("results.csv");
    drop(server);

    for (file, of) in [("advocates.csv", "advocates"), ("prospects.csv", "prospects")] {
        there.run(&["import", file, "--as", of, "--rows", &format!("{of}-results.csv")]);
        let identities = |place: &Place| place.people(of).iter().map(|one| one["identity"].clone()).collect::<Vec<_>>();
        assert_eq!(identities(&here), identities(&there), "{of}");
    }
    assert_eq!(results.lines().count(), there.read("advocates-results.csv").lines().count());
}
