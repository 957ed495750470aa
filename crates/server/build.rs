//! Pages of the web app are built by npm, never by cargo. A release build refuses to embed pages that were not built from the
//! sources beside it; a debug build reads them when it runs, and does without.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Everything that the pages are made of; web/build/packed.ts has the same list.
const SOURCES: [&str; 15] = [
    "docs/guide",
    "docs/headers.md",
    "docs/images/guide",
    "docs/messages.md",
    "docs/permissions.md",
    "docs/states.md",
    "samples",
    "web/build",
    "web/index.html",
    "web/package-lock.json",
    "web/postcss.config.mjs",
    "web/public",
    "web/src",
    "web/tsconfig.json",
    "web/vite.config.ts",
];
const BUILT: &str = "web/dist/sources.sha256";

#[expect(clippy::disallowed_methods, reason = "a build script is told by its environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if std::env::var("PROFILE")? != "release" {
        println!("cargo::rerun-if-changed=build.rs");
        return Ok(());
    }
    for source in SOURCES.iter().chain([&BUILT]) {
        println!("cargo::rerun-if-changed={}", project.join(source).display());
    }
    match fs::read_to_string(project.join(BUILT)) {
        Ok(built) if built == digest(&project)? => Ok(()),
        Ok(_) => Err("the web app was built from other sources than these: run `make web` first".into()),
        Err(_) => Err("the web app is not built yet: run `make web` first".into()),
    }
}

/// The digest of names and contents, in the order of the names.
fn digest(project: &Path) -> Result<String, Box<dyn Error>> {
    let mut names = Vec::new();
    for source in SOURCES {
        collect(project, Path::new(source), &mut names)?;
    }
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        let content = fs::read(project.join(&name))?;
        hash.update(format!("{name}\0{}\0", content.len()));
        hash.update(content);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(project: &Path, below: &Path, names: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    if !project.join(below).is_dir() {
        names.push(below.to_str().ok_or("a name that is no text")?.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(project.join(below))? {
        let inside: PathBuf = below.join(entry?.file_name());
        collect(project, &inside, names)?;
    }
    Ok(())
}
