//! People, groups, custom fields, tags: listed, added, removed, and printed as agreed.

use serde_json::{Value, json};

use crate::place::Place;

#[test]
fn a_person_is_one_object_a_line_of_the_agreed_shape() {
    let place = Place::new();
    place.done(&["groups", "add", "Launch"]);
    place.done(&["fields", "add", "Tier", "--as", "advocates", "--type", "select", "--option", "Gold"]);
    let file =
        place.file("people.csv", "Name,Email,Company,Salesforce ID,Tier\nAnna Lee,Anna@Example.com,Lee,003,gold\n");
    let (_, report) = place.json(&["import", file, "--as", "advocates", "--group", "Launch"]);
    let listed = place.done(&["people", "list", "--as", "advocates", "--json"]);
    let exported = place.done(&["people", "export", "--as", "Advocates", "--format", "ndjson"]);
    assert_eq!(listed.stdout, exported.stdout);
    let mut anna = listed.lines().remove(0);
    let keys: Vec<_> = anna.as_object().expect("an object").keys().cloned().collect();
    let expected = [
        "id",
        "record_type",
        "identity",
        "email",
        "name",
        "fields",
        "custom",
        "groups",
        "tags",
        "kind",
        "label",
        "stage",
        "source",
        "import",
        "invited_at",
        "joined_at",
        "archived_at",
        "suppressed",
        "created_at",
        "updated_at",
    ];
    assert_eq!(keys, expected);
    for key in ["created_at", "updated_at"] {
        let time = anna[key].take();
        assert!(time.as_str().is_some_and(|time| time.len() >= 20 && time.ends_with('Z')), "{time}");
    }
    assert!(anna["id"].take().as_str().is_some_and(|id| id.starts_with("per_")));
    assert_eq!(
        anna,
        json!({
            "id": null, "record_type": "advocate", "identity": "anna@example.com", "email": "Anna@Example.com",
            "name": "Anna Lee", "fields": {"company": "Lee", "salesforce_id": "003"}, "custom": {"Tier": ["Gold"]},
            "groups": [{"name": "Launch", "state": "pending"}], "tags": [], "kind": "advocate",
            "label": "Not joined", "stage": null, "source": "CSV import", "import": report["import"],
            "invited_at": null, "joined_at": null, "archived_at": null, "suppressed": false, "created_at": null,
            "updated_at": null
        })
    );
}

#[test]
fn a_prospect_keeps_platform_and_handle_among_its_fields() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,Platform,Handle\nAnna,anna@example.com,ig,@anna.lee\n");
    place.done(&["import", file, "--as", "prospect"]);
    let anna = place.person("prospects", "anna@example.com");
    assert_eq!(anna["fields"]["platform"], "instagram", "{anna}");
    assert_eq!((&anna["stage"], anna.get("platform")), (&json!("new"), None));
}

#[test]
fn a_long_list_is_cut_for_people_and_whole_for_programs() {
    let place = Place::new();
    let rows: String = (0..60).map(|n| format!("Person {n},p{n}@example.com\n")).collect();
    let file = place.file("people.csv", format!("Name,Email\n{rows}"));
    place.done(&["import", file, "--as", "advocates"]);
    let list = place.done(&["people", "list", "--as", "advocates"]);
    assert_eq!(list.stdout.lines().count(), 52, "headings and 50 people");
    list.says("These are the first 50 people; there are more.");
    assert_eq!(place.done(&["people", "list", "--as", "advocates", "--limit", "60"]).stderr, "");
    assert_eq!(place.people("advocates").len(), 60);
    assert_eq!(place.done(&["people", "list", "--as", "advocates", "--limit", "7", "--json"]).lines().len(), 7);
    assert_eq!(place.done(&["people", "export", "--as", "advocates"]).stdout.lines().count(), 61);
}

#[test]
fn people_are_searched_and_narrowed_as_a_list_and_as_an_export() {
    let place = Place::new();
    let list = "Name,Email,Company,Tags\nÖzlem Ünal,oz@example.com,Acme,vip\nBen Lee,ben@example.org,Northwind,vip\n\
                Zoë Ray,zoe@example.org,Acme Labs,\n";
    let file = place.file("people.csv", list);
    place.done(&["import", file, "--as", "advocates"]);
    let found = |which: &[&str]| -> Vec<String> {
        let all = place.done(&[&["people", "list", "--as", "advocates", "--json"], which].concat()).lines();
        let exported = place.done(&[&["people", "export", "--as", "advocates"], which].concat()).stdout;
        assert_eq!(exported.lines().count(), all.len() + 1, "{exported}");
        all.iter().map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(found(&["--search", "ÜNAL"]), ["Özlem Ünal"]);
    assert_eq!(found(&["--search", "acme"]), ["Özlem Ünal", "Zoë Ray"]);
    assert_eq!(found(&["--search", "example.org", "--tag", "VIP"]), ["Ben Lee"]);
    assert_eq!(found(&["--identity", "Zoe@example.org"]), ["Zoë Ray"]);
    let nobody = place.done(&["people", "list", "--as", "advocates", "--search", "nobody"]);
    nobody.says("There are no such advocates.");
    let wrong = place.run(&["people", "export", "--as", "advocates", "--group", "None"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    wrong.says("Group None does not exist");
}

#[test]
fn groups_are_added_listed_and_removed() {
    let place = Place::new();
    place.done(&["groups", "add", "Launch", "--code", "launch-26", "--description", "First wave"]);
    let wrong: [(&[&str], &str); 4] = [
        (&["groups", "add", "LAUNCH"], "Group LAUNCH is there already"),
        (&["groups", "add", "Other", "--code", "launch-26"], "Join code launch-26 belongs to another group"),
        (&["groups", "add", "Other", "--code", "a b"], "\"a b\" is no join code"),
        (&["groups", "remove", "Nobody"], "Group Nobody does not exist"),
    ];
    for (arguments, sentence) in wrong {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(sentence);
    }
    let mut listed = place.done(&["groups", "list", "--json"]).lines();
    listed[0]["id"] = Value::Null;
    let expected = json!({
        "id": null, "name": "Launch", "description": "First wave", "code": "launch-26", "pending": 0, "active": 0
    });
    assert_eq!(listed, [expected]);
    place.done(&["groups", "list"]).shows("launch-26");
    place.done(&["groups", "remove", "launch"]);
    assert_eq!(place.done(&["groups", "list", "--json"]).stdout, "");
}

#[test]
fn fields_are_added_once_and_not_over_standard_ones() {
    let place = Place::new();
    place.done(&["fields", "add", "Tier", "--as", "advocates", "--type", "multi", "--option", "Gold", "--shown"]);
    place.done(&["fields", "add", "Tier", "--as", "prospect"]);
    let wrong: [(&[&str], &str); 5] = [
        (&["fields", "add", "tier", "--as", "advocates"], "Custom field tier is there already for advocates"),
        (&["fields", "add", "Company", "--as", "advocates"], "\"Company\" names a standard field of advocates"),
        (&["fields", "add", "X", "--as", "advocates", "--type", "select"], "A select needs options"),
        (&["fields", "add", "X", "--as", "advocates", "--option", "a"], "Only selects have options"),
        (&["fields", "add", "X", "--as", "advocates", "--type", "colour"], "it is one of text, single_select"),
    ];
    for (arguments, sentence) in wrong {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(sentence);
    }
    let listed = place.done(&["fields", "list", "--json"]).lines();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["type"], &listed[0]["multiple"]), (&json!("multi_select"), &json!(true)));
    assert_eq!((&listed[0]["shown"], &listed[0]["options"]), (&json!(true), &json!(["Gold"])));
    assert_eq!(place.done(&["fields", "list", "--as", "prospects", "--json"]).lines().len(), 1);
    place.done(&["fields", "list"]).shows("multi_select");
}

#[test]
fn tags_are_listed_with_their_people() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,Tags\nA,a@example.com,\"vip, north\"\nB,b@example.com,VIP\n");
    place.done(&["import", file, "--as", "advocates"]);
    let tags = place.done(&["tags", "list", "--json"]).lines();
    let named: Vec<_> = tags.iter().map(|tag| (tag["name"].clone(), tag["people"].clone())).collect();
    assert_eq!(named, [(json!("north"), json!(1)), (json!("vip"), json!(2))]);
    place.done(&["tags", "list"]).shows("north        1");
}

#[test]
fn before_the_first_import_there_is_nothing_and_that_is_no_error() {
    let place = Place::new();
    assert!(place.done(&["template", "creators"]).stdout.starts_with("Platform,Handle,Name"));
    let missing = place.run(&["people", "list", "--as", "advocates"]);
    assert_eq!(missing.code, 3);
    missing.says("there is no database at convoke.db");
    place.done(&["migrate"]).shows("applied migration");
    place.done(&["migrate"]).shows("is up to date");
    for arguments in [
        &["people", "list", "--as", "advocates", "--json"][..],
        &["people", "export", "--as", "creators"],
        &["imports", "list"],
        &["groups", "list"],
        &["fields", "list"],
        &["tags", "list"],
        &["mappings", "list"],
    ] {
        assert_eq!(place.done(arguments).stdout, "", "{arguments:?}");
    }
    place.done(&["template", "advocates"]);
    assert_eq!(place.run(&["imports", "show", "imp_0000000000000"]).code, 2);
}

#[test]
fn workspaces_are_kept_apart() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nA,a@example.com\n");
    place.done(&["--workspace", "Brand A", "import", file, "--as", "advocates"]).shows("into Brand A");
    place.done(&["import", file, "--as", "advocates", "--workspace", "Brand B"]).shows("into Brand B");
    let list = |name: &str| place.done(&["people", "list", "--as", "advocates", "--json", "--workspace", name]).lines();
    assert_eq!((list("brand a").len(), list("BRAND B").len()), (1, 1));
    let several = place.run(&["people", "list", "--as", "advocates"]);
    assert_eq!(several.code, 2);
    several.says("There are several workspaces");
    let unknown = place.run(&["people", "list", "--as", "advocates", "--workspace", "Brand C"]);
    assert_eq!(unknown.code, 2);
    unknown.says("There is no workspace \"Brand C\"");
}

#[test]
fn what_is_set_for_a_workspace_is_shown_and_changed() {
    let place = Place::new();
    let none = place.run(&["workspace", "show"]);
    assert_eq!(none.code, 3, "{none:?}");
    place.done(&["groups", "add", "Launch"]);
    place.done(&["workspace", "show"]).shows("kept for ever, in a folder");
    let changed = place.done(&["workspace", "change", "--keep-files", "90", "--name", "Brand A", "--json"]).json();
    assert_eq!((&changed["retention_days"], &changed["name"]), (&90.into(), &"Brand A".into()));
    place.done(&["workspace", "show"]).shows("Files           kept for 90 days, in a folder");
    place.done(&["workspace", "change", "--keep-files", "forever"]).shows("kept for ever");
    place.done(&["workspace", "list"]).shows("Brand A");
    for (words, said) in [
        (&["workspace", "change"][..], "Nothing is to be changed"),
        (&["workspace", "change", "--keep-files", "0"], "is not from 1 to 36500"),
        (&["workspace", "change", "--keep-files", "long"], "a number of days, or forever"),
        (&["workspace", "change", "--default-sender", "anna@example.com"], "There is no member anna@example.com"),
    ] {
        let refused = place.run(words);
        assert_eq!(refused.code, 2, "{refused:?}");
        refused.says(said);
    }
}
