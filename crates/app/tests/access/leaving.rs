//! Members leave, and nothing dies unseen: somebody inherits, and the last owner stays.

use convoke_app::directory::pages::Seen;
use convoke_app::imports::ImportOptions;
use convoke_app::people::record_type::RecordType;
use convoke_app::permissions::Scope;
use convoke_app::store::imports::ImportState;
use convoke_app::store::memberships::Role;
use convoke_app::worker::{Step, Worker};
use convoke_app::workspaces::WorkspaceChange;

use crate::permissions::upload;
use crate::world::{access_test, chance, member_actor};

access_test!(what_hangs_on_a_member_is_shown_and_inherited, |world| {
    let owner = world.owner();
    let anna = owner.member.id;
    let ben = world.member("ben@example.com", Role::Admin);
    let bens = world.workspace_for(member_actor(ben, Role::Admin));
    let import = upload(&bens).expect("uploaded");
    bens.make_token("crm", &[Scope::Read], None, &chance().expect("chance")).expect("made");
    bens.save_mapping("CRM", &ImportOptions::new(RecordType::Advocate)).expect("saved");
    let change = WorkspaceChange { default_sender: Some(ben.to_string()), ..WorkspaceChange::default() };
    world.workspace().change_settings(&change, &Seen::Any).expect("chosen");

    let hers = owner.workspace().expect("read").expect("open");
    let leaving = hers.leaving(ben).expect("read");
    let counts = (leaving.tokens.len(), leaving.imports.len(), leaving.mappings.len(), leaving.is_default_sender);
    assert_eq!(counts, (1, 1, 1, true));
    assert_eq!(leaving.imports[0].name, "list.csv");

    for nobody in [ben, convoke_app::people::id::MemberId(4)] {
        assert_eq!(hers.remove_member(ben, nobody).expect_err("no heir").code(), "usage");
    }
    hers.remove_member(ben, anna).expect("gone");
    assert_eq!(hers.leaving(ben).expect_err("gone").code(), "not_found");
    let inherited = hers.leaving(anna).expect("read");
    let counts =
        (inherited.tokens.len(), inherited.imports.len(), inherited.mappings.len(), inherited.is_default_sender);
    assert_eq!(counts, (1, 1, 1, true));

    // The import goes on, and who made it stays readable.
    let mut worker = Worker::new(world.installation.clone());
    let Step::Ran { outcome, .. } = worker.step(&mut ()).expect("a step") else { panic!("nothing was run") };
    assert_eq!(outcome.expect("an end"), ImportState::Completed);
    assert_eq!(hers.find_import(import).expect("there").created_by, "Somebody");
    assert!(world.folder().join("files").exists());
});

access_test!(the_last_owner_neither_leaves_nor_becomes_less, |world| {
    let owner = world.owner();
    let anna = owner.member.id;
    let ben = world.member("ben@example.com", Role::Admin);
    let workspace = owner.workspace().expect("read").expect("open");
    assert_eq!(workspace.remove_member(anna, ben).expect_err("the last one").code(), "conflict");
    assert_eq!(workspace.set_role(anna, Role::Admin).expect_err("the last one").code(), "conflict");
    workspace.set_role(ben, Role::Owner).expect("another one");
    workspace.set_role(anna, Role::Admin).expect("not the last one any more");
});

access_test!(a_member_may_leave_but_not_show_others_out, |world| {
    let anna = world.owner().member.id;
    let ben = world.member("ben@example.com", Role::Viewer);
    let his = world.workspace_for(member_actor(ben, Role::Viewer));
    assert_eq!(his.remove_member(anna, ben).expect_err("not his to do").code(), "permission_missing");
    assert_eq!(his.leaving(anna).expect_err("not his to see").code(), "permission_missing");
    his.remove_member(ben, anna).expect("he may go");
});

access_test!(two_owners_who_go_at_once_leave_one_behind, |world| {
    let anna = world.owner().member.id;
    for round in 0..12 {
        let ben = world.member(&format!("ben{round}@example.com"), Role::Owner);
        let (one, two) = (world.workspace(), world.workspace());
        std::thread::scope(|scope| {
            let first = scope.spawn(move || one.set_role(anna, Role::Viewer).is_ok());
            // Half of the rounds one is removed while the other is demoted.
            let second = scope.spawn(move || match round % 2 {
                0 => two.set_role(ben, Role::Viewer).is_ok(),
                _ => two.remove_member(ben, anna).is_ok(),
            });
            let (first, second) = (first.join().expect("no panic"), second.join().expect("no panic"));
            assert_eq!(u8::from(first) + u8::from(second), 1, "round {round}");
        });
        let members = world.workspace().members().expect("read");
        let owners: Vec<_> = members.iter().filter(|member| member.role == "owner").collect();
        assert_eq!(owners.len(), 1, "round {round}: {owners:?}");
        world.workspace().set_role(anna, Role::Owner).expect("an owner again");
        if round % 2 == 0 || owners[0].id != anna.to_string() {
            world.workspace().remove_member(ben, anna).expect("the next round has a new one");
        }
    }
});
