//! An installation on SQLite whose files are in a folder, or in a bucket of a real S3 server.

use std::io::Read;
use std::sync::Arc;

use convoke_app::imports::Texts;
use convoke_app::imports::{ImportOptions, Received};
use convoke_app::outside::s3::BucketSettings;
use convoke_app::people::id::ImportId;
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::ImportKind;
use convoke_app::store::{Access, Address, Store};
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::worker::{Step, Worker};
use convoke_app::{Error, Files, Installation, Limits, Workspace, WorkspaceChoice};
use convoke_testbed::s3::{BUCKET, KEY, S3};

#[expect(clippy::disallowed_methods, reason = "tests have no one above who passes the time")]
pub(crate) fn clock() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

pub(crate) struct World {
    pub(crate) server: S3,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) installation: Installation,
}

pub(crate) fn settings(server: &S3) -> BucketSettings {
    BucketSettings {
        bucket: BUCKET.to_owned(),
        prefix: "convoke/files".to_owned(),
        endpoint: Some(server.endpoint()),
        region: "us-east-1".to_owned(),
        key: Some((KEY.0.to_owned(), KEY.1.to_owned())),
        path_style: true,
    }
}

impl World {
    /// In a bucket.
    pub(crate) fn new() -> Self {
        let (server, folder) = (S3::start(), tempfile::tempdir().expect("a folder"));
        let files = Files::bucket(&settings(&server), folder.path().join("scratch")).expect("a bucket");
        Self::with(server, folder, files)
    }

    /// In a folder.
    pub(crate) fn in_a_folder() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::new(folder.path().join("files"));
        Self::with(S3::start(), folder, files)
    }

    fn with(server: S3, folder: tempfile::TempDir, files: Files) -> Self {
        let address = Address::Sqlite(folder.path().join("convoke.db"));
        let store = Store::open(&address, Access::Write, clock).expect("a database");
        let workbooks = WorkbookReader { program: "none".into(), limits: WorkbookLimits::default() };
        let installation = Installation {
            store: Arc::new(store),
            files,
            limits: Limits::default(),
            workbooks,
            texts: Texts::default(),
        };
        Self { server, folder, installation }
    }

    pub(crate) fn workspace(&self) -> Workspace {
        let Installation { store, files, limits, .. } = &self.installation;
        let opened =
            Workspace::open(Arc::clone(store), files.clone(), limits.clone(), &WorkspaceChoice::Only, Access::Write);
        opened.expect("a workspace")
    }

    pub(crate) fn step(&self) -> Step {
        Worker::new(self.installation.clone()).step(&mut ()).expect("a step")
    }

    /// What a process that dies or a request that breaks off must not leave.
    pub(crate) fn leftovers(&self) -> (usize, usize, usize) {
        let scratch = std::fs::read_dir(self.folder.path().join("scratch")).map_or(0, Iterator::count);
        (self.server.objects().len(), self.server.open_uploads(), scratch)
    }
}

pub(crate) fn upload(workspace: &Workspace, bytes: impl Read) -> Result<ImportId, Error> {
    upload_as(workspace, bytes, ImportKind::Import)
}

pub(crate) fn upload_as(workspace: &Workspace, bytes: impl Read, kind: ImportKind) -> Result<ImportId, Error> {
    let options = ImportOptions::new(RecordType::Advocate);
    match workspace.upload("list.csv", bytes, &options, kind)? {
        Received::Accepted(prepared) => Ok(prepared.id),
        Received::Refused(_, problem) => Err(Error::Refused(problem)),
    }
}

/// A list that takes several parts.
pub(crate) fn large() -> String {
    let person = |n: u32| format!("Person {n},person.{n}@example.com,{}\n", "x".repeat(400));
    (0..50_000).fold("Name,Email,Title\n".to_owned(), |list, n| list + &person(n))
}

pub(crate) const SMALL: &str = "Name,Email\nAnna Lee,anna@example.com\nBen Ito,ben@@example.com\n";
