//! What the people in a group see.

use std::sync::Arc;

use poll::Ballots;
use ringback::testing::{Person, Telegram};

const LUNCH: &str = "/poll@test_bot Lunch?\nPizza\n\nSoup  \n";

async fn open() -> (Telegram, Person, Person) {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    let group = telegram.group("Friends", &[&ann, &ben]).await;
    telegram.run(poll::router(Arc::default())).await;
    let (ann, ben) = (ann.in_chat(group), ben.in_chat(group));
    ann.send(LUNCH).await;
    (telegram, ann, ben)
}

#[tokio::test]
async fn everybody_has_one_vote() {
    let (telegram, ann, ben) = open().await;
    let seen = ben.last().await;
    assert_eq!(seen.text(), "Lunch?\n0 · Pizza\n0 · Soup");
    assert_eq!(seen.buttons(), [["Pizza"], ["Soup"], ["Close the vote"]]);

    assert_eq!(ann.press("Pizza").await.text(), Some("Your vote: Pizza"));
    assert_eq!(ben.press("Pizza").await.text(), Some("Your vote: Pizza"));
    assert_eq!(ann.last().await.text(), "Lunch?\n2 · Pizza\n0 · Soup");
    assert_eq!(ben.press("Soup").await.text(), Some("Your vote is now: Soup"));
    assert_eq!(ann.last().await.text(), "Lunch?\n1 · Pizza\n1 · Soup");
    // The same again takes it back.
    assert_eq!(ann.press("Pizza").await.text(), Some("Your vote is taken back."));
    assert_eq!(ann.last().await.text(), "Lunch?\n0 · Pizza\n1 · Soup");
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn only_the_author_closes_it() {
    let (telegram, ann, ben) = open().await;
    ben.press("Soup").await;
    let old = ben.last().await;
    let pizza = old.data("Pizza").unwrap();

    let press = ben.press("Close").await;
    assert_eq!(press.text(), Some("Only who asked can close the vote."));
    assert_eq!(ann.press("Close").await.text(), Some("Closed."));
    let seen = ben.last().await;
    assert_eq!(seen.text(), "Lunch?\n0 · Pizza\n1 · Soup\n\nThe vote is closed.");
    assert!(seen.buttons().is_empty());

    // Ben's screen still had the buttons when he pressed.
    let press = ben.forge_in(old.message_id, pizza).await;
    assert_eq!(press.text(), Some("The vote is closed."));
    assert_eq!(ben.last().await.text(), seen.text());
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn a_crowd_at_once_is_counted_right_in_few_edits() {
    const CROWD: usize = 40;
    let telegram = Telegram::start().await;
    let mut people = Vec::new();
    for n in 0..CROWD {
        people.push(telegram.person(&format!("Person {n}")).await);
    }
    let group = telegram.group("Crowd", &people.iter().collect::<Vec<_>>()).await;
    let people: Vec<Person> = people.iter().map(|person| person.in_chat(group)).collect();
    let ballots = Arc::new(Ballots::default());
    telegram.run(poll::router(Arc::clone(&ballots))).await;
    people[0].send(LUNCH).await;
    let vote = people[0].last().await.message_id;

    // All press while the bot is away; every fourth takes it back at once.
    telegram.stop().await;
    let mut presses = Vec::new();
    for (n, person) in people.iter().enumerate() {
        let answer = if n % 4 == 1 { "Soup" } else { "Pizza" };
        presses.push(person.begin_press_in(vote, answer).await);
        if n % 4 == 3 {
            presses.push(person.begin_press_in(vote, answer).await);
        }
    }
    telegram.run(poll::router(ballots)).await;
    for press in presses {
        assert!(press.end().await.is_answered());
    }
    let seen = people[1].last().await;
    assert_eq!(seen.text(), "Lunch?\n20 · Pizza\n10 · Soup");
    let edits = telegram.calls("editMessageText").await;
    assert!((1..CROWD / 2).contains(&edits), "{edits} edits");
    let reports = telegram.reports();
    assert!(reports.is_empty(), "{reports:?}");
}

#[tokio::test]
async fn what_is_no_vote_is_said() {
    let (telegram, ann, _) = open().await;
    for (text, said) in [
        (
            "/poll@test_bot",
            "Write the question behind /poll, and each answer on a line of its own.",
        ),
        (
            "/poll@test_bot Lunch?\nPizza",
            "A vote has 2 to 10 answers, each on a line of its own.",
        ),
    ] {
        ann.send(text).await;
        assert_eq!(ann.last().await.text(), said);
    }
    // Made up, or of before a restart.
    assert_eq!(ann.forge("vote:7:0").await.text(), Some("This vote is over."));
    assert_eq!(ann.forge("close:0").await.text(), Some("This vote is over."));
    assert_eq!(
        ann.forge("vote:1:2").await.text(),
        Some("There is no such answer.")
    );
    let press = ann.forge("vote:1:pizza").await;
    assert!(press.is_answered() && press.text().is_none());
    // The last can't be read, and is reported.
    assert_eq!(telegram.reports().len(), 1);
}
