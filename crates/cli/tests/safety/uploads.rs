//! Uploads that break off, stall, lie about their length, never end, come ten at once, are too large, find no room or no
//! file handle: what the client is told, that nothing of it is listed or left, and that the next one works.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::effort::{is_long, turn, until};
use crate::http::{Answer, LONGEST, connect, head, receive, send};
use crate::people::list;
use crate::place::{Engine, Place};
use crate::server::Server;

const PATH: &str = "/api/v1/imports?as=advocates&name=list.csv";

/// The head of an upload with one more header.
fn begin(place: &Place, server: &Server, header: &str) -> TcpStream {
    let mut stream = connect(server.address, LONGEST).expect("connected");
    write!(stream, "{}{header}\r\n\r\n", head("POST", PATH, &place.token)).expect("sent");
    stream
}

fn listed(server: &Server) -> usize {
    let history = server.get("/api/v1/imports?limit=500").json();
    history["items"].as_array().map(Vec::len).expect("a list")
}

/// Names of files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path())),
            false => found.push(entry.file_name().to_string_lossy().into_owned()),
        }
    }
    found
}

/// Nothing but the originals of what is listed is left.
#[track_caller]
fn left_nothing(place: &Place, server: &Server, imports: usize) {
    assert_eq!(listed(server), imports);
    until("what broke off is gone", Duration::from_secs(10), || {
        (files(&place.path("files")).len() == imports).then_some(())
    });
}

fn imported(server: &Server, body: &[u8]) {
    let import = server.import(body);
    server.until(&import, &["completed"]);
}

#[test]
fn an_upload_that_is_cut_or_lies_about_its_length_leaves_nothing() {
    let place = Place::new(Engine::Sqlite);
    let server = Server::start(&place);
    let body = list(0, 20_000);
    // Cut in the middle, and at the first byte.
    for sent in [0, 100_000] {
        let mut stream = begin(&place, &server, &format!("Content-Length: {}", body.len()));
        stream.write_all(&body[..sent]).expect("sent");
        stream.shutdown(Shutdown::Both).expect("cut");
    }
    // It says more than it sends, and waits for the answer.
    let mut stream = begin(&place, &server, &format!("Content-Length: {}", body.len() + 1));
    stream.write_all(&body).expect("sent");
    stream.shutdown(Shutdown::Write).expect("no more");
    let answer = receive(stream);
    assert!(answer.as_ref().map_or(true, |answer| !answer.is_done()), "{answer:?}");
    // It says less than it sends: the file is as long as it said, and ends in the middle of a row.
    let mut stream = begin(&place, &server, "Content-Length: 5");
    stream.write_all(&body).expect("sent");
    let answer = receive(stream);
    assert!(answer.as_ref().map_or(true, |answer| !answer.is_done()), "{answer:?}");
    // No length at all, and nonsense for one.
    for header in ["Content-Length: many", "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: nonsense"] {
        let answer = receive(begin(&place, &server, header));
        assert!(answer.as_ref().map_or(true, |answer| (400..500).contains(&answer.status)), "{header}: {answer:?}");
    }
    imported(&server, &body);
    let history = server.get("/api/v1/imports").json();
    let refused = history["items"].as_array().expect("a list").iter().filter(|import| import["status"] == "refused");
    // Only what came as long as it said was looked at, and refused.
    assert_eq!(refused.count() + 1, listed(&server), "{history}");
    until("what broke off is gone", Duration::from_secs(10), || (files(&place.path("files")).len() == 1).then_some(()));
}

#[test]
fn what_is_larger_than_the_limit_or_never_ends_is_refused() {
    let place = Place::new(Engine::Sqlite);
    let server = Server::try_start(&place, &[], &[("CONVOKE_MAX_BYTES", "100000")]).expect("it starts");
    let large = send(server.address, &place.token, ("POST", PATH), &list(0, 20_000), LONGEST).expect("an answer");
    assert_eq!((large.status, large.says("code").as_str()), (422, "file_too_large"), "{}", large.text());
    let refused = listed(&server);

    let mut stream = begin(&place, &server, "Transfer-Encoding: chunked");
    let row = b"40\r\nAnna Lee,anna@example.com,Head of everything,Example and Company\n\r\n";
    let block: Vec<u8> = b"15\r\nName,Email,Title,Org\n\r\n".iter().chain(row.repeat(2_000).iter()).copied().collect();
    let mut sent = 0;
    // Whoever sends without end is cut off, long before this.
    while sent < 2_000 << 20 && stream.write_all(&block).is_ok() {
        sent += block.len();
    }
    assert!(sent < 2_000 << 20, "nobody stopped it");
    let memory = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("its state");
    let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(peak < 300 << 10, "{peak} KB of memory");
    assert!(listed(&server) <= refused + 1);
    imported(&server, &list(0, 100));
    until("nothing is left", Duration::from_secs(10), || (files(&place.path("files")).len() == 1).then_some(()));
}

#[test]
fn ten_uploads_at_once_are_ten_imports_and_a_stalled_one_holds_nobody_up() {
    for engine in crate::place::engines() {
        let place = Place::new(engine);
        let server = Server::start(&place);
        let mut stalled = begin(&place, &server, "Content-Length: 900000");
        stalled.write_all(&list(0, 10)).expect("sent");
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let uploads: Vec<_> = (0..10)
                .map(|n| {
                    scope.spawn({
                        let server = &server;
                        move || server.post(PATH, &list(n * 1_000, 2_000))
                    })
                })
                .collect();
            uploads.into_iter().map(|upload| upload.join().expect("an answer")).collect()
        });
        for answer in &answers {
            assert_eq!(answer.status, 202, "{engine:?}: {}", answer.text());
            server.until(&answer.says("import"), &["completed"]);
        }
        assert_eq!(place.people().len(), 11_000);
        drop(stalled);
        left_nothing(&place, &server, 10);
    }
}

#[test]
fn an_upload_and_headers_that_stall_are_given_up() {
    if !is_long() {
        // It takes more than a minute; the limit itself is tested with a short one beside its code.
        return;
    }
    let _turn = turn();
    let place = Place::new(Engine::Sqlite);
    let server = Server::start(&place);
    let mut silent = connect(server.address, Duration::from_secs(90)).expect("connected");
    write!(silent, "POST {PATH} HTTP/1.1\r\nHost: te").expect("sent");
    let mut stalled = begin(&place, &server, "Content-Length: 900000");
    stalled.set_read_timeout(Some(Duration::from_secs(90))).expect("set");
    stalled.write_all(&list(0, 10)).expect("sent");
    let mut said = Vec::new();
    let closed = silent.read_to_end(&mut said);
    assert!(closed.is_ok() || said.is_empty(), "headers that do not end are cut off: {closed:?}");
    match receive(stalled) {
        Ok(answer) => assert!((400..500).contains(&answer.status), "{}", answer.text()),
        Err(error) => assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it is cut off: {error}"),
    }
    left_nothing(&place, &server, 0);
}

/// Two small file systems in memory, for the database and for the files.
struct Small(Vec<std::path::PathBuf>);

impl Small {
    fn new(folders: &[(&Path, &str)]) -> Result<Self, String> {
        let mut mounted = Self(Vec::new());
        for (folder, size) in folders {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
            let size = format!("size={size}");
            let done = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(folder).output();
            let done = done.map_err(|error| error.to_string())?;
            if !done.status.success() {
                return Err(crate::place::said(&done));
            }
            mounted.0.push((*folder).to_owned());
        }
        Ok(mounted)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = Command::new("umount").arg("--lazy").arg(folder).status();
        }
    }
}

/// Takes all the room that is left but so many bytes.
fn fill(folder: &Path, but: u64) {
    let mut ballast = std::fs::File::create(folder.join("ballast")).expect("a file");
    while ballast.write_all(&[7; 1 << 12]).is_ok() {}
    let length = ballast.metadata().expect("its size").len();
    ballast.set_len(length.saturating_sub(but)).expect("made shorter");
}

#[test]
fn a_full_disk_is_told_and_what_waited_goes_on_when_there_is_room() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let (data, kept) = (folder.path().join("data"), folder.path().join("data/files"));
    let small = Small::new(&[(&data, "24m"), (&kept, "8m")]);
    if let Err(why) = &small {
        let sentence = format!("NOT TESTED: a full disk. It needs root and mount: {why}");
        assert!(!is_long(), "{sentence}");
        let _ = writeln!(std::io::stderr(), "{sentence}");
        return;
    }
    let place = Place::within(&data);
    let server = Server::start(&place);
    imported(&server, &list(0, 100));

    // No room for the file.
    fill(&kept, 64 << 10);
    let full = server.post(PATH, &list(0, 10_000));
    assert_eq!((full.status, full.says("code").as_str()), (507, "disk_full"), "{}", full.text());
    assert_eq!(listed(&server), 1, "nothing of it is listed");
    std::fs::remove_file(kept.join("ballast")).expect("room");
    left_nothing(&place, &server, 1);
    imported(&server, &list(0, 100));

    // Room for the file, and none for the people.
    let wide = list(0, 90_000);
    let import = server.import(&wide);
    fill(&data, 1 << 20);
    let stopped = server.until(&import, &["paused", "completed"]);
    assert_eq!(stopped["status"], "paused", "{stopped}\n{:?}", server.log());
    assert!(!stopped["problem"].is_null(), "it says why: {stopped}");
    let refused = server.post(PATH, &list(0, 100));
    assert!(refused.is_done() || refused.status == 507, "{}", refused.text());
    std::fs::remove_file(data.join("ballast")).expect("room");
    imported(&server, &list(0, 100));
    until("it is resumed", LONGEST, || {
        let path = format!("/api/v1/imports/{import}/resume");
        server.ask("POST", &path, b"").filter(Answer::is_done)
    });
    let done = server.until(&import, &["completed", "paused"]);
    assert_eq!(done["status"], "completed", "{done}");
    assert_eq!(place.people().len(), 90_000);
    server.kill();
    assert_eq!(place.sql("PRAGMA integrity_check"), "ok");
}

#[test]
fn a_server_with_few_file_handles_refuses_some_and_recovers() {
    let place = Place::new(Engine::Sqlite);
    let wrapper = ["bash", "-c", "ulimit -n 64; exec \"$@\"", "bash"].map(str::to_owned);
    let server = Server::try_start(&place, &wrapper, &[]).expect("it starts");
    let import = server.import(&list(0, 60_000));
    let open: Vec<_> = (0..80)
        .filter_map(|_| {
            let mut stream = connect(server.address, Duration::from_secs(2)).ok()?;
            write!(stream, "GET /health HTTP/1.1\r\nHost: t").ok()?;
            Some(stream)
        })
        .collect();
    assert!(open.len() > 40, "{}", open.len());
    // Whoever comes now may be refused or wait, and harms nobody.
    let _ = send(server.address, &place.token, ("POST", PATH), &list(0, 100), Duration::from_secs(2));
    drop(open);
    until("it answers again", Duration::from_secs(20), || {
        send(server.address, &place.token, ("GET", "/ready"), b"", Duration::from_secs(2)).ok().filter(Answer::is_done)
    });
    let done = server.until(&import, &["completed", "paused"]);
    if done["status"] == "paused" {
        assert!(!done["problem"].is_null(), "{done}");
        assert_eq!(server.post(&format!("/api/v1/imports/{import}/resume"), b"").status, 202);
    }
    server.until(&import, &["completed"]);
    imported(&server, &list(0, 100));
    assert_eq!(place.people().len(), 60_000);
}
