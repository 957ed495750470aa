//! What goes in comes out: originals byte for byte, errors files mended, exports that change nothing, saved mappings.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::place::{Place, THREE_ADVOCATES};

/// The digest as reports print it.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_original_comes_back_byte_for_byte() {
    let place = Place::new();
    let bytes = b"\xEF\xBB\xBFName,Email\r\nZo\xEB,zoe@example.com\r\n\"An\r\nna\",anna@example.com\n\n";
    let file = place.file("people.csv", bytes);
    let (_, report) = place.json(&["import", file, "--as", "advocates"]);
    let id = report["import"].as_str().expect("an id");
    assert_eq!(report["file"]["sha256"], sha256(bytes));
    let output = place.command(&["imports", "original", id]).output().expect("started");
    assert_eq!(output.stdout, bytes);
    place.done(&["imports", "original", id, "--out", "back.csv"]);
    assert_eq!(std::fs::read(place.path("back.csv")).expect("there"), bytes);
    let nowhere = place.run(&["imports", "original", id, "--out", "no/such/back.csv"]);
    assert_eq!(nowhere.code, 2);
    assert_eq!(place.leftovers(), [""; 0]);
}

#[test]
fn a_damaged_original_is_told_and_not_given() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (_, report) = place.json(&["import", file, "--as", "advocates"]);
    let id = report["import"].as_str().expect("an id");
    let folder = std::fs::read_dir(place.path("convoke.db-files/1")).expect("a folder a workspace");
    let stored = folder.flatten().next().expect("the upload").path();
    std::fs::write(&stored, THREE_ADVOCATES.replace("Anna", "Else")).expect("written");
    let ran = place.run(&["imports", "original", id, "--out", "back.csv"]);
    assert_eq!(ran.code, 3);
    ran.says("is damaged: its SHA-256 is not the one of the upload");
    assert!(!place.path("back.csv").exists());
    assert_eq!(ran.stdout, "");
}

#[test]
fn the_errors_file_corrected_and_imported_completes_the_list() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,Title\nAnna,anna@example.com,=1+1\nJon,jon@@x.org,+49\nBen,,-x\n");
    assert_eq!(place.run(&["import", file, "--as", "advocates", "--errors", "errors.csv"]).code, 1);
    let mended = place.read("errors.csv").replace("jon@@x.org", "jon@x.org").replace("Ben,,", "Ben,ben@x.org,");
    let mended = place.file("mended.csv", mended);
    let (code, report) = place.json(&["import", mended, "--as", "advocates"]);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(2)));
    let titles = ["anna@example.com", "jon@x.org", "ben@x.org"]
        .map(|email| place.person("advocates", email)["fields"]["title"].clone());
    assert_eq!(titles, ["=1+1", "+49", "-x"], "what was defused is taken back");
}

#[test]
fn an_export_imported_again_changes_nobody() {
    let place = Place::new();
    place.done(&["groups", "add", "Launch"]);
    place.done(&["groups", "add", "Press"]);
    place.done(&["fields", "add", "=Formula", "--as", "prospects", "--multiple"]);
    let rows = "Name,Email,Company,Phone,Notes,Group,Tags,=Formula,Platform,Handle\n\
                =1+1,a@example.com,+49 GmbH,+49 30 1,\"-x\ny\",Launch,\"vip, @north\",\"=a, -b\",YouTube,@anna.lee\n\
                @x,b@example.com,'quoted,\"'=z\",\"a \"\"b\"\", c\",Press,,,,\n\
                =1+1,a@example.com,,,,Press,,,,\n\
                Zoë 🙂,c@example.com,,,,,,,,\n";
    let file = place.file("people.csv", rows);
    let (code, report) = place.json(&["import", file, "--as", "prospects"]);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(3)), "{report}");
    let before = place.people("prospects");
    place.done(&["people", "export", "--as", "prospects", "--out", "export.csv"]);
    let export = place.read("export.csv");
    assert!(export.contains("'=1+1") && export.contains("'+49 30 1") && export.contains("'@x"), "{export}");
    let (code, again) = place.json(&["import", "export.csv", "--as", "prospects"]);
    assert_eq!(code, 0);
    let counts = &again["counts"];
    assert_eq!(
        (&counts["created"], &counts["updated"], &counts["failed"]),
        (&json!(0), &json!(0), &json!(0)),
        "{again}"
    );
    assert_eq!(place.people("prospects"), before);
}

#[test]
fn creators_are_exported_and_imported_again_without_a_change() {
    let place = Place::new();
    let rows = "Platform,Handle,Name,Followers,Engagement Rate,Profile URL,Tags\n\
                ig,@anna.lee,Anna,\"12.5K\",3.4 %,https://instagram.com/anna.lee,\"a, b\"\n\
                ,https://www.tiktok.com/@ben,Ben,1000000,\"0,5\",,\n";
    let file = place.file("creators.csv", rows);
    let (code, report) = place.json(&["import", file, "--as", "creators"]);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(2)), "{report}");
    let anna = place.person("creators", "instagram/anna.lee");
    assert_eq!((&anna["platform"], &anna["handle"]), (&json!("instagram"), &json!("anna.lee")));
    assert_eq!((&anna["fields"]["followers"], &anna["fields"]["engagement_rate"]), (&json!(12500), &json!(3.4)));
    let before = place.people("creators");
    place.done(&["people", "export", "--as", "creators", "--out", "export.csv"]);
    let (code, again) = place.json(&["import", "export.csv", "--as", "creators", "--on-match", "merge"]);
    assert_eq!((code, &again["counts"]["unchanged"]), (0, &json!(2)), "{again}");
    assert_eq!(place.people("creators"), before);
}

#[test]
fn accounts_elsewhere_are_exported_by_platform_and_imported_again_without_a_change() {
    let place = Place::new();
    let rows = "Name,Email,Instagram,TikTok,X\n\
                Ada,ada@example.com,ada.made,\"Ada.Made, ada.too\",ada_made\n\
                Bo,bo@example.com,,,bo_made\n";
    let file = place.file("people.csv", rows);
    for (record_type, identity) in [("creators", "tiktok/ada.made"), ("prospects", "ada@example.com")] {
        let (code, report) = place.json(&["import", file, "--as", record_type, "--accounts", "tiktok"]);
        assert_eq!((code, &report["counts"]["created"]), (0, &json!(2)), "{report}");
        let expected = [("instagram", "ada.made"), ("tiktok", "ada.too"), ("x", "ada_made")];
        let expected = expected.map(|(platform, handle)| json!({"platform": platform, "handle": handle}));
        assert_eq!(place.person(record_type, identity)["also_at"], json!(expected));
        let before = place.people(record_type);
        place.done(&["people", "export", "--as", record_type, "--out", "export.csv"]);
        let header = place.read("export.csv").lines().next().expect("a header").to_owned();
        assert!(header.ends_with("Instagram Handle,TikTok Handle,X Handle"), "{header}");
        let (code, again) = place.json(&["import", "export.csv", "--as", record_type, "--on-match", "merge"]);
        assert_eq!((code, &again["counts"]["unchanged"]), (0, &json!(2)), "{again}");
        assert_eq!(place.people(record_type), before);
    }
}

#[test]
fn an_unknown_platform_in_the_order_of_accounts_is_refused() {
    let place = Place::new();
    let file = place.file("people.csv", "Instagram\nada.made\n");
    let ran = place.run(&["import", file, "--as", "creators", "--accounts", "instagram,myspace"]);
    assert_eq!(ran.code, 2);
    ran.says("it is one of instagram, tiktok");
}

#[test]
fn a_saved_mapping_is_used_by_its_name() {
    let place = Place::new();
    let file = place.file("crm.csv", "Who,Work mail,Region\nAnna,anna@example.com,North\n");
    assert_eq!(place.run(&["import", file, "--as", "advocates"]).code, 2);
    place.done(&[
        "mappings",
        "add",
        "CRM",
        "--as",
        "advocates",
        "--map",
        "Who=name",
        "--map",
        "Work mail=Email",
        "--ignore",
        "Region",
    ]);
    place.done(&["mappings", "list"]).shows("Who = name, Work mail = Email");
    let listed = place.done(&["mappings", "list", "--json"]).lines();
    assert_eq!(listed[0]["map"][1], json!({"column": "Work mail", "field": "Email"}));
    place
        .done(&["import", file, "--as", "advocates", "--mapping", "crm"])
        .shows("2 columns mapped, 1 left out (Region)");
    assert_eq!(place.person("advocates", "anna@example.com")["name"], "Anna");
    place.done(&["mappings", "remove", "crm", "--as", "advocates"]);
    let gone = place.run(&["mappings", "remove", "crm", "--as", "advocates"]);
    assert_eq!(gone.code, 2);
    gone.says("There is no mapping \"crm\" for advocates");
    let wrong = place.run(&["mappings", "add", "x", "--as", "advocates", "--map", "A=followers"]);
    assert_eq!(wrong.code, 2);
    wrong.says("\"followers\" is no field of advocates");
    let nothing = place.run(&["mappings", "add", "x", "--as", "advocates"]);
    assert_eq!(nothing.code, 2);
    nothing.says("A mapping without choices says nothing");
}

#[test]
fn the_template_filled_in_is_imported_and_its_example_is_not() {
    let place = Place::new();
    for (of, row) in [
        ("creators", "YouTube,@anna,Anna,,,,,,,,\n"),
        ("prospects", "Anna,anna@example.com,,,,,,,,\n"),
        ("advocates", "Anna,anna@example.com,,,,,,,,\n"),
    ] {
        place.done(&["template", of, "--out", "template.csv"]);
        let filled = format!("{}{row}", place.read("template.csv"));
        let file = place.file("filled.csv", filled);
        let (code, report) = place.json(&["import", file, "--as", of]);
        let counts = &report["counts"];
        assert_eq!((code, &counts["created"], &counts["skipped"]), (0, &json!(1), &json!(1)), "{of}: {report}");
    }
    place.done(&["fields", "add", "Tier", "--as", "advocates"]);
    place.done(&["template", "Advocate"]).shows(",External Account ID,Tier");
}
