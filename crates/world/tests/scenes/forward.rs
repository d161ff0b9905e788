//! Several messages at once are forwarded and copied.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// The bot sends on from its chat with Ann, where it numbers what she wrote 1 and 4, to that with Ben.
fn all(scene: &Scene, messages: &[i32]) -> ForwardAll {
    ForwardAll {
        by: scene.bot,
        from: scene.at(scene.ann),
        messages: messages.iter().map(|id| MessageId(*id)).collect(),
        to: scene.at(scene.ben),
        copies: false,
        bare: false,
        silent: true,
        protected: false,
    }
}

fn stage() -> Scene {
    let mut scene = Scene::started();
    scene.start(scene.ben);
    scene.say(scene.ann, scene.at(scene.bot), "four");
    scene.quiet();
    scene
}

#[test]
fn what_is_not_there_is_passed_over() {
    let mut scene = stage();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let sent = scene.call(all(&scene, &[1, 4, 77])).unwrap();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].forward.as_ref().unwrap().from, ForwardFrom::User(ann));
    assert!(sent[0].silent);
    let copies = ForwardAll {
        copies: true,
        protected: true,
        ..all(&scene, &[4])
    };
    let copy = scene.call(copies).unwrap();
    assert_eq!((&copy[0].forward, copy[0].protected), (&None, true));
    assert_eq!(
        scene.sees(ben, scene.at(bot))[1..],
        ["2 volumebot: /start", "3 volumebot: four", "4 volumebot: four"]
    );
}

#[test]
fn captions_can_be_left_behind() {
    let mut scene = stage();
    let digest = "abc".into();
    let kind = FileKind::Photo { width: 1, height: 1 };
    let file = scene
        .call(AddFile {
            digest,
            size: 1,
            kind,
        })
        .unwrap();
    let photo = Send {
        content: Content::Photo {
            file,
            caption: FormattedText::plain("mine"),
            caption_above: false,
            spoiler: false,
        },
        ..Send::text(scene.ann, scene.at(scene.bot), "")
    };
    let photo = id_for(&scene.call(photo).unwrap(), scene.bot);
    for (bare, expected) in [(false, "photo mine"), (true, "photo ")] {
        let copies = ForwardAll {
            copies: true,
            bare,
            ..all(&scene, &[photo.0])
        };
        let sent = scene.call(copies).unwrap();
        let seen = scene.sees(scene.ben, scene.at(scene.bot));
        let id = id_for(&sent[0], scene.ben);
        assert_eq!(seen.last().unwrap(), &format!("{id} volumebot: {expected}"));
    }
}

#[test]
fn what_cannot_be_sent_on() {
    let mut scene = stage();
    let (ann, bot) = (scene.ann, scene.bot);
    assert_eq!(
        scene.told(all(&scene, &[50, 51])),
        "400 Bad Request: there are no messages to forward"
    );
    for wrong in [&[4, 1], &[1, 1]] {
        assert_eq!(
            scene.told(all(&scene, wrong)),
            "400 Bad Request: message identifiers must be in a strictly increasing order"
        );
    }
    let secret = Send {
        protected: true,
        ..Send::text(bot, scene.at(ann), "secret")
    };
    let secret = id_for(&scene.call(secret).unwrap(), bot).0;
    assert_eq!(
        scene.told(all(&scene, &[secret])),
        "400 Bad Request: messages can't be forwarded"
    );
    assert_eq!(scene.call(all(&scene, &[1, secret])).unwrap().len(), 1);
    let stranger = scene.person("Cat");
    let to = ForwardAll {
        to: Peer::User(stranger),
        ..all(&scene, &[1])
    };
    assert_eq!(scene.told(to), "400 Bad Request: chat not found");
    let from = ForwardAll {
        from: Peer::User(stranger),
        ..all(&scene, &[1])
    };
    assert_eq!(scene.told(from), "400 Bad Request: chat not found");
}
