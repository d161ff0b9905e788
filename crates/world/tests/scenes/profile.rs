//! What bots say about themselves.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

fn list(scope: &str, language: &str, bot: UserId, command: &str) -> SetCommands {
    SetCommands {
        bot,
        key: (scope.into(), language.into()),
        commands: vec![BotCommand {
            command: command.into(),
            description: "x".into(),
        }],
    }
}

#[test]
fn the_narrowest_list_of_commands_comes_first_and_in_it_the_own_language() {
    let mut scene = Scene::empty();
    let (ann, bot) = (scene.ann, scene.bot);
    let anna = CreateUser {
        first_name: "Anna".into(),
        last_name: None,
        username: None,
        phone: None,
        language_code: Some("de-AT".into()),
    };
    let anna = scene.call(anna).unwrap();
    let first = |scene: &Scene, user| {
        let commands = scene.world.commands_for(bot, user);
        commands.first().map(|command| command.command.clone())
    };
    assert_eq!(first(&scene, ann), None);
    let chat = format!("chat:{ann}");
    // Each comes before those above it; Ann speaks no language that is known.
    for (scope, language, command, anns, annas) in [
        ("default", "", "a", "a", "a"),
        ("all_group_chats", "", "b", "a", "a"),
        ("default", "de", "c", "a", "c"),
        ("all_private_chats", "", "d", "d", "d"),
        ("all_private_chats", "de", "e", "d", "e"),
        (chat.as_str(), "", "f", "f", "e"),
    ] {
        scene.call(list(scope, language, bot, command)).unwrap();
        assert_eq!(first(&scene, ann).as_deref(), Some(anns), "Ann, after {command}");
        assert_eq!(
            first(&scene, anna).as_deref(),
            Some(annas),
            "Anna, after {command}"
        );
    }
    let bad = list("default", "", bot, "Not A Name");
    let error = scene.call(bad).unwrap_err();
    assert_eq!(error.rpc(), (400, "BOT_COMMAND_INVALID".to_owned()));
}

#[test]
fn what_is_said_in_no_language_is_said_to_all() {
    let mut scene = Scene::empty();
    let bot = scene.bot;
    let say = |language: &str, name: &str, about: &str| SetBotInfo {
        bot,
        language: language.into(),
        name: Some(name.into()),
        about: Some(about.into()),
        description: None,
    };
    scene.call(say("", "Knob", "Turns")).unwrap();
    scene.call(say("de", "Knopf", "")).unwrap();
    let told = |scene: &Scene, language: &str| {
        let info = scene.world.bot_info(bot, language);
        format!("{}: {}", info.name, info.about)
    };
    assert_eq!(told(&scene, "fr"), "Knob: Turns");
    assert_eq!(told(&scene, "de"), "Knopf: Turns");
    assert_eq!(scene.world.user(bot).unwrap().first_name, "Knob");
    // A name can be changed but not taken back; the rest can.
    scene.call(say("", "", "")).unwrap();
    scene.call(say("de", "", "")).unwrap();
    assert_eq!(told(&scene, "de"), "Knob: ");
    let long = scene.call(say("", &"x".repeat(65), "")).unwrap_err();
    assert_eq!(long.rpc(), (400, "BOT_TITLE_INVALID".to_owned()));
}

#[test]
fn a_menu_button_for_one_goes_before_that_for_all() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let set = |user, button| SetMenuButton { bot, user, button };
    let app = |text: &str, url: &str| MenuButton::WebApp {
        text: text.into(),
        url: url.into(),
    };
    scene.call(set(None, MenuButton::Commands)).unwrap();
    let open = app("Open", "https://app.example");
    scene.call(set(Some(ann), open.clone())).unwrap();
    assert_eq!(scene.world.menu_button_for(bot, ann), open);
    assert_eq!(scene.world.menu_button_for(bot, ben), MenuButton::Commands);
    assert_eq!(scene.world.menu_button(bot, Some(ben)), MenuButton::Default);
    scene.call(set(Some(ann), MenuButton::Default)).unwrap();
    assert_eq!(scene.world.menu_button_for(bot, ann), MenuButton::Commands);
    for (user, button, expected) in [
        (
            None,
            app(" ", "https://x.example"),
            "menu button text must be non-empty",
        ),
        (None, app("x", ""), "menu button URL must be non-empty"),
        (None, app("x", "ftp://x"), "BUTTON_URL_INVALID"),
        (Some(UserId(1)), MenuButton::Commands, "user not found"),
    ] {
        assert_eq!(
            scene.told(set(user, button)),
            format!("400 Bad Request: {expected}")
        );
    }
}

#[test]
fn rights_that_a_bot_would_like() {
    let mut scene = Scene::empty();
    let bot = scene.bot;
    let set = |for_channels, rights: &[AdminRight]| SetDefaultRights {
        bot,
        for_channels,
        rights: rights.iter().copied().collect(),
    };
    scene.call(set(true, &[AdminRight::PostMessages])).unwrap();
    assert_eq!(
        scene.world.default_rights(bot, true),
        [AdminRight::PostMessages].into()
    );
    assert!(scene.world.default_rights(bot, false).is_empty());
    scene.call(set(true, &[])).unwrap();
    assert!(scene.world.default_rights(bot, true).is_empty());
}
