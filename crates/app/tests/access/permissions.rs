//! What each role may do, and the log of what was done.

use convoke_app::audit::AuditPage;
use convoke_app::directory::pages::Seen;
use convoke_app::directory::people::PeopleFilter;
use convoke_app::directory::tags::NewTag;
use convoke_app::imports::{ImportOptions, Received};
use convoke_app::people::custom::{CustomField, CustomKind};
use convoke_app::people::id::{FieldId, ImportId, MemberId};
use convoke_app::people::record_type::RecordType;
use convoke_app::permissions::{Permission, Scope};
use convoke_app::store::imports::ImportKind;
use convoke_app::store::memberships::Role;
use convoke_app::workspaces::WorkspaceChange;
use convoke_app::{Actor, Result, Who, Workspace};

use crate::world::{PASSWORD, World, access_test, chance, client, member_actor};

pub(crate) fn upload(workspace: &Workspace) -> Result<ImportId> {
    let list = "Name,Email\nAnna Lee,anna@example.com\n".as_bytes();
    match workspace.upload("list.csv", list, &ImportOptions::new(RecordType::Advocate), ImportKind::Import)? {
        Received::Accepted(prepared) => Ok(prepared.id),
        Received::Refused(_, problem) => panic!("{problem:?}"),
    }
}

/// Something that needs a permission.
type Deed = (Permission, fn(Workspace, ImportId) -> Result<()>);

fn field() -> CustomField {
    CustomField {
        id: FieldId(0),
        record_type: RecordType::Advocate,
        name: "Tier".to_owned(),
        kind: CustomKind::Text,
        multiple: false,
        shown: false,
        options: Vec::new(),
    }
}

/// At least one deed a permission.
const DEEDS: [Deed; 23] = [
    (Permission::See, |w, id| w.find_import(id).map(drop)),
    (Permission::See, |w, _| w.imports(9).map(drop)),
    (Permission::See, |w, id| w.report(id).map(drop)),
    (Permission::See, |w, _| w.members().map(drop)),
    (Permission::See, |w, _| w.shown_settings().map(drop)),
    (Permission::Import, |w, _| upload(&w).map(drop)),
    (Permission::Import, |w, id| w.pause(id).map(drop)),
    (Permission::Import, |w, id| w.unpause(id).map(drop)),
    (Permission::Export, |w, id| w.write_original(id, std::io::sink()).map(drop)),
    (Permission::Export, |w, id| w.import_to_download(id, "original").map(drop)),
    (Permission::Export, |w, _| w.export_csv(RecordType::Advocate, &PeopleFilter::default(), std::io::sink())),
    (Permission::Organise, |w, _| w.add_group("Launch", None, None).map(drop)),
    (Permission::Organise, |w, _| w.remove_group("Launch")),
    (Permission::Organise, |w, _| w.make_tag(&NewTag { name: "New".to_owned() }).map(drop)),
    (Permission::Organise, |w, _| w.save_mapping("crm", &ImportOptions::new(RecordType::Advocate))),
    (Permission::DefineFields, |w, _| w.add_field(field()).map(drop)),
    (Permission::ManageTokens, |w, _| w.make_token("made", &[Scope::Read], None, &chance()?).map(drop)),
    (Permission::ManageTokens, |w, _| w.tokens().map(drop)),
    (Permission::ReadAudit, |w, _| w.audit(None, 9).map(drop)),
    (Permission::ReadAudit, |w, _| w.export_audit(std::io::sink())),
    (Permission::ManageMembers, |w, _| w.invite_member("new@example.com", Role::Viewer, &chance()?).map(drop)),
    (Permission::ManageMembers, |w, _| w.set_role(MemberId(1), Role::Viewer).map(drop)),
    (Permission::ManageWorkspace, |w, _| w.change_settings(&WorkspaceChange::default(), &Seen::Any).map(drop)),
];

fn is_refused(world: &World, actor: &Actor, (_, deed): Deed, import: ImportId) -> bool {
    let outcome = deed(world.workspace_for(actor.clone()), import);
    outcome.is_err_and(|error| matches!(error.code(), "permission_missing" | "scope_missing"))
}

access_test!(every_role_may_do_what_the_table_says_and_nothing_else, |world| {
    let import = upload(&world.workspace()).expect("uploaded");
    for role in Role::ALL {
        for deed in DEEDS {
            let refused = is_refused(world, &member_actor(MemberId(5), role), deed, import);
            assert_eq!(refused, !deed.0.is_of(role), "{role:?} {:?}", deed.0);
        }
    }
    for permission in Permission::ALL {
        assert!(DEEDS.iter().any(|(of, _)| *of == permission), "{permission:?} is tried by nothing");
    }
});

access_test!(a_token_may_do_what_its_scopes_name_and_never_manage, |world| {
    let import = upload(&world.workspace()).expect("uploaded");
    for (bit, scope) in (0..).zip(Scope::ALL) {
        let who = Who::Token { id: convoke_app::people::id::TokenId(1), name: "crm".to_owned(), scopes: 1 << bit };
        let actor = Actor { who, address: None };
        for deed in DEEDS {
            // Who imports or exports may look at what it is about.
            let looks = deed.0 == Permission::See && [Scope::Import, Scope::Export].contains(&scope);
            let refused = is_refused(world, &actor, deed, import);
            assert!(looks || refused == (deed.0.scope() != Some(scope)), "{scope:?} {:?}", deed.0);
        }
    }
});

access_test!(a_token_is_given_no_more_than_its_maker_has_and_outlives_it, |world| {
    let anna = world.owner().member.id;
    let ben = world.member("ben@example.com", Role::Admin);
    let admin = world.workspace_for(member_actor(ben, Role::Admin));
    let (_, secret) =
        admin.make_token("crm", &Scope::ALL, None, &chance().expect("chance")).expect("all are an admin's");
    let past = admin.make_token("past", &[Scope::Read], Some(1), &chance().expect("chance"));
    assert_eq!(past.expect_err("over").code(), "usage");
    world.workspace().remove_member(ben, anna).expect("gone");
    let bearer = world.installation.bearer(&secret, None).expect("asked").expect("still good");
    assert_eq!(bearer.actor.name(), "token crm");
    assert_eq!(world.workspace().tokens().expect("read")[0].created_by, "Somebody");
});

fn actions(page: &AuditPage) -> Vec<&str> {
    page.items.iter().map(|entry| entry.action.as_str()).collect()
}

access_test!(what_was_done_is_in_the_log_with_who_and_from_where, |world| {
    let owner = world.owner();
    assert!(world.installation.sign_in("anna@example.com", "a guess", &client(), chance).is_err());
    let workspace = owner.workspace().expect("read").expect("open");
    let import = upload(&workspace).expect("uploaded");
    workspace.pause(import).expect("paused");
    workspace.import_to_download(import, "original").expect("noted");
    let (token, secret) = workspace.make_token("crm", &[Scope::Read], None, &chance().expect("chance")).expect("made");
    workspace.revoke_token(token).expect("revoked");
    let (_, link) =
        workspace.invite_member("ben@example.com", Role::Viewer, &chance().expect("chance")).expect("invited");

    let log = workspace.audit(None, 100).expect("read");
    let mut found = actions(&log);
    found.sort_unstable();
    let mut expected = [
        "member_invited",
        "token_revoked",
        "token_made",
        "file_downloaded",
        "import_paused",
        "import_uploaded",
        "sign_in_failed",
        "signed_in",
        "member_joined",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
    let uploaded = log.items.iter().find(|entry| entry.action == "import_uploaded").expect("there");
    assert_eq!((uploaded.actor.name.as_str(), uploaded.address.as_deref()), ("Anna Lee", Some("192.0.2.7")));
    assert_eq!(uploaded.object, Some(import.to_string()));

    let mut csv = Vec::new();
    workspace.export_audit(&mut csv).expect("exported");
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert_eq!(csv.lines().count(), 1 + log.items.len() + 1, "the export is in it as well");
    let all = format!("{csv}{log:?}");
    for secret in [PASSWORD, "a guess", &secret, &link] {
        assert!(!all.contains(secret));
    }
});

access_test!(the_log_has_pages_without_gaps_or_repeats, |world| {
    let workspace = world.workspace();
    for n in 0..25 {
        workspace.make_token(&format!("token {n}"), &[Scope::Read], None, &chance().expect("chance")).expect("made");
    }
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let page = workspace.audit(before.as_deref(), 10).expect("read");
        ids.extend(page.items.iter().map(|entry| entry.id.clone()));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((ids.len(), unique.len()), (25, 25));
    assert_eq!(workspace.audit(Some("nonsense"), 10).expect_err("no place").code(), "usage");
});
