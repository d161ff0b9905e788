//! Faults injected into API calls.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;
use std::time::Duration;

fn rule(method: &str) -> FaultRule {
    FaultRule {
        method: method.into(),
        error: Some(Error::Flood { seconds: 3 }),
        delay: Duration::ZERO,
        times: None,
        per_mille: 1000,
        tried: 0,
    }
}

/// The bot calls a method; what goes wrong with it.
fn called(scene: &mut Scene, method: &str) -> Option<Fault> {
    let call = Called {
        bot: scene.bot,
        method: method.into(),
        params: String::new(),
        about: About::Nothing,
    };
    scene.call(call).unwrap().fault
}

#[test]
fn so_many_times_and_no_more() {
    let mut scene = Scene::empty();
    let faults = vec![FaultRule {
        times: Some(2),
        ..rule("SENDmessage")
    }];
    scene.call(SetFaults { faults }).unwrap();
    let hits: Vec<bool> = ["sendMessage", "getMe", "sendMessage", "sendMessage"]
        .iter()
        .map(|method| called(&mut scene, method).is_some())
        .collect();
    assert_eq!(hits, [true, false, true, false], "by name, in any letter case");
    assert_eq!(scene.world.faults()[0].times, Some(0));
}

#[test]
fn an_error_or_only_a_delay() {
    let mut scene = Scene::empty();
    let delay = Duration::from_secs(2);
    scene
        .call(SetFaults {
            faults: vec![
                rule("a"),
                FaultRule {
                    error: None,
                    delay,
                    ..rule("*")
                },
            ],
        })
        .unwrap();
    let error = called(&mut scene, "a").unwrap().error.unwrap().bot_api();
    assert_eq!((error.code, error.retry_after), (429, Some(3)));
    assert_eq!(error.description, "Too Many Requests: retry after 3");
    assert_eq!(called(&mut scene, "b"), Some(Fault { error: None, delay }));
    let expected = "
        call a
          Fault { method: \"a\", error: Some(Flood { seconds: 3 }), delay: 0ns }
        call b
          Fault { method: \"b\", error: None, delay: 2s }
    ";
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn chance_repeats() {
    let run = || {
        let mut scene = Scene::empty();
        scene
            .call(SetFaults {
                faults: vec![FaultRule {
                    per_mille: 300,
                    ..rule("*")
                }],
            })
            .unwrap();
        (0..1000)
            .map(|_| called(&mut scene, "getMe").is_some())
            .collect::<Vec<bool>>()
    };
    let hits = run();
    let count = hits.iter().filter(|hit| **hit).count();
    assert!((250..350).contains(&count), "{count} of 1000");
    assert_eq!(hits, run());
}

#[test]
fn a_count_from_outside_may_be_anything() {
    let mut scene = Scene::empty();
    scene
        .call(SetFaults {
            faults: vec![FaultRule {
                tried: u64::MAX,
                ..rule("*")
            }],
        })
        .unwrap();
    assert!(called(&mut scene, "getMe").is_some());
}
