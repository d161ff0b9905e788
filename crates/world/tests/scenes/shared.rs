//! Dice, contacts and places.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;
use std::collections::BTreeSet;

fn dice(from: UserId, peer: Peer, emoji: &str) -> Send {
    let content = Content::Dice {
        emoji: emoji.into(),
        value: 77,
    };
    Send {
        content,
        ..Send::text(from, peer, "")
    }
}

fn value(message: &Message) -> u8 {
    match message.content {
        Content::Dice { value, .. } => value,
        _ => panic!("no dice"),
    }
}

#[test]
fn dice_fall_on_every_side_and_on_no_other() {
    for (emoji, sides) in [
        ("🎲", 6),
        ("🎯", 6),
        ("🎳", 6),
        ("🏀", 5),
        ("⚽\u{fe0f}", 5),
        ("🎰", 64),
    ] {
        let mut scene = Scene::started();
        let rolls = if sides == 64 { 600 } else { 80 };
        let fallen: BTreeSet<u8> = (0..rolls)
            .map(|_| value(&scene.call(dice(scene.bot, scene.at(scene.ann), emoji)).unwrap()))
            .collect();
        assert_eq!(fallen, (1..=sides).collect(), "{emoji}");
    }
    let mut scene = Scene::started();
    assert_eq!(
        scene.told(dice(scene.bot, scene.at(scene.ann), "🎃")),
        "400 Bad Request: EMOTICON_INVALID"
    );
}

#[test]
fn forwarded_dice_lie_as_they_fell_and_copied_dice_roll() {
    let mut scene = Scene::started();
    scene.start(scene.ben);
    let mut copied = BTreeSet::new();
    for _ in 0..40 {
        let thrown = scene.call(dice(scene.bot, scene.at(scene.ann), "🎲")).unwrap();
        let all = |copies| ForwardAll {
            by: scene.bot,
            from: scene.at(scene.ann),
            messages: vec![id_for(&thrown, scene.bot)],
            to: scene.at(scene.ben),
            copies,
            bare: false,
            silent: false,
            protected: false,
        };
        let (forward, copy) = (all(false), all(true));
        let sent = scene.call(forward).unwrap();
        assert_eq!(value(&sent[0]), value(&thrown));
        let sent = scene.call(copy).unwrap();
        copied.insert((value(&thrown), value(&sent[0])));
    }
    assert!(copied.iter().any(|(thrown, copy)| thrown != copy));
}

#[test]
fn a_contact_is_known_by_its_number() {
    let mut scene = Scene::started();
    let cat = scene
        .call(CreateUser {
            first_name: "Cat".into(),
            phone: Some("9996612345".into()),
            ..CreateUser::default()
        })
        .unwrap();
    let contact = |phone: &str, first_name: &str| Send {
        content: Content::Contact(Contact {
            phone: phone.into(),
            first_name: first_name.into(),
            ..Contact::default()
        }),
        ..Send::text(scene.ann, scene.at(scene.bot), "")
    };
    let (known, unknown, nobody) = (
        contact("+999 66 12345", "Kitty"),
        contact("+1", "Dan"),
        contact(" ", "Eve"),
    );
    let user = |message: &Message| match &message.content {
        Content::Contact(contact) => contact.user,
        _ => panic!("no contact"),
    };
    assert_eq!(user(&scene.call(known).unwrap()), Some(cat));
    assert_eq!(user(&scene.call(unknown.clone()).unwrap()), None);
    let mut wordy = unknown.clone();
    if let Content::Contact(contact) = &mut wordy.content {
        contact.vcard = "x".repeat(2049);
    }
    for invalid in [nobody, wordy] {
        assert_eq!(scene.told(invalid), "400 Bad Request: MEDIA_INVALID");
    }
    assert_eq!(
        scene.bot_updates(),
        [
            "message 3 Ann: contact Kitty +999 66 12345",
            "message 4 Ann: contact Dan +1"
        ]
    );
}

#[test]
fn a_place_has_no_words_to_edit() {
    let mut scene = Scene::started();
    let point = GeoPoint::new(52.52, 13.4, 0.0).unwrap();
    let place = Send {
        content: Content::Location(point),
        ..Send::text(scene.bot, scene.at(scene.ann), "")
    };
    let id = id_for(&scene.call(place).unwrap(), scene.bot);
    assert_eq!(
        scene.edit(scene.at(scene.ann), id, "elsewhere", &[]),
        "400 Bad Request: there is no text in the message to edit"
    );
}
