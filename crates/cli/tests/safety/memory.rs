//! A server with little memory: what fits is imported, what does not is refused in words, and it is never killed.

use std::io::Write;

use zip::write::SimpleFileOptions;

use crate::effort::is_long;
use crate::people::list;
use crate::place::{Place, engines};
use crate::server::Server;

/// Bytes of data that the process and its children may have.
const DATA: &str = "268435456";

/// A workbook of a few megabytes whose table unfolds to several hundred.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("mimetype", options).expect("a part");
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").expect("written");
    zip.start_file("content.xml", options).expect("a part");
    zip.write_all(b"<office:document-content><office:body><office:spreadsheet><table:table table:name=\"People\">")
        .expect("written");
    let row = b"<table:table-row><table:table-cell office:value-type=\"string\"><text:p>somebody@example.com</text:p>\
                </table:table-cell></table:table-row>";
    let rows = row.repeat(10_000);
    (0..100).for_each(|_| zip.write_all(&rows).expect("written"));
    zip.finish().expect("a workbook").into_inner()
}

#[test]
fn a_server_with_little_memory_finishes_or_refuses_and_is_never_killed() {
    let bomb = bomb();
    // What it takes is ours, whichever database is beside it.
    for engine in engines().into_iter().take(if is_long() { 2 } else { 1 }) {
        let place = Place::new(engine);
        let wrapper = ["prlimit", &format!("--data={DATA}"), "--"].map(str::to_owned);
        let mut server = Server::try_start(&place, &wrapper, &[]).expect("it starts");
        let import = server.import(&list(0, 50_000));
        assert_eq!(server.until(&import, &["completed", "paused", "failed"])["status"], "completed", "{engine:?}");

        let refused = server.post("/api/v1/imports?as=advocates&name=list.ods", &bomb);
        assert_eq!(refused.status, 422, "{}\n{:?}", refused.text(), server.log());
        assert!(refused.says("code").starts_with("workbook"), "{}", refused.text());

        let mut wide = b"Name,Email,Title\nWide,wide@example.com,".to_vec();
        wide.extend(std::iter::repeat_n(b'x', 216_000));
        wide.extend(b"\nSlim,slim@example.com,Lead\n");
        let import = server.import(&wide);
        let done = server.until(&import, &["completed", "paused", "failed"]);
        assert_eq!((&done["status"], &done["counts"]["created"]), (&"completed".into(), &2.into()), "{done}");
        server.is_healthy();
        assert!(!server.is_gone(), "{:?}", server.log());
        assert_eq!(place.people().len(), 50_002);
    }
}
