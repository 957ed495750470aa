//! A server with little memory: what fits is imported, what does not is refused in words, and it is never killed.

use std::io::Write;

use zip::write::SimpleFileOptions;

use crate::people::list;
use crate::place::{Place, engines};
use crate::server::Server;

/// Bytes of data that the process and its children may have.
const DATA: &str = "268435456";

/// A workbook of a few hundred kilobytes whose sheet unfolds to several hundred megabytes.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut part = |name: &str, pieces: &mut dyn Iterator<Item = Vec<u8>>| {
        zip.start_file(name, options).expect("a part");
        pieces.for_each(|piece| zip.write_all(&piece).expect("written"));
    };
    let one = |text: &str| std::iter::once(text.as_bytes().to_vec());
    part(
        "[Content_Types].xml",
        &mut one("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
    );
    part(
        "xl/workbook.xml",
        &mut one(
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"People\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &mut one(
            "<Relationships><Relationship Id=\"rId1\" Type=\"worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
    );
    let row = b"<row><c t=\"inlineStr\"><is><t>somebody@example.com</t></is></c></row>".repeat(10_000);
    let mut sheet = one("<worksheet><sheetData>").chain((0..600).map(|_| row.clone()));
    part("xl/worksheets/sheet1.xml", &mut sheet);
    zip.finish().expect("a workbook").into_inner()
}

#[test]
fn a_server_with_little_memory_finishes_or_refuses_and_is_never_killed() {
    for engine in engines() {
        let place = Place::new(engine);
        let wrapper = ["prlimit", &format!("--data={DATA}"), "--"].map(str::to_owned);
        let mut server = Server::try_start(&place, &wrapper, &[]).expect("it starts");
        let import = server.import(&list(0, 50_000));
        assert_eq!(server.until(&import, &["completed", "paused", "failed"])["status"], "completed", "{engine:?}");

        let refused = server.post("/api/v1/imports?as=advocates&name=list.xlsx", &bomb());
        assert_eq!(refused.status, 422, "{}", refused.text());
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
