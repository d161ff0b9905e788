//! The presses that are handed out: updates as the Bot API sends them, about 1.2 kB each. A message with a chat, text,
//! entities and six buttons; half of the chats are private, half are groups.

use std::fmt::Write as _;

pub(crate) const FIRST_UPDATE: i64 = 700_000_001;
const FIRST_QUERY: u64 = 4_380_000_000_000_000_000;
const QUERY_STEP: u64 = 1_000_003;
/// Non-Latin letters as the Bot API writes them, escaped.
const PEOPLE: [(&str, &str); 6] = [
    ("Ann", "en"),
    ("Bogus\\u0142aw", "pl"),
    ("\\u0412\\u0435\\u0440\\u0430", "ru"),
    ("\\u00c9lo\\u00efse", "fr"),
    ("\\u6674", "zh-hans"),
    ("J\\u00fcrgen", "de"),
];

/// Which chats there are, and how many people press in each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    pub(crate) chats: usize,
    pub(crate) users: usize,
}

/// One press.
pub(crate) struct Press {
    /// Whose it is, counted over all chats: answers to one person must not overtake each other.
    pub(crate) person: usize,
    pub(crate) json: String,
}

/// The number that the bot must answer with.
pub(crate) fn volume(press: usize) -> u32 {
    (press % 100) as u32
}

/// The press that a callback query's id belongs to.
pub(crate) fn press_of(query: u64) -> Option<usize> {
    let distance = query.checked_sub(FIRST_QUERY)?;
    (distance % QUERY_STEP == 0).then_some((distance / QUERY_STEP) as usize)
}

impl Crowd {
    pub(crate) fn people(self) -> usize {
        self.chats * self.users
    }

    pub(crate) fn press(self, press: usize) -> Press {
        let person = scattered(press) % self.people();
        let chat = person % self.chats;
        let (name, language) = PEOPLE[person % PEOPLE.len()];
        let (user, volume) = (5_100_000_000 + 7919 * person as u64, volume(press));
        let mut json = String::with_capacity(1500);
        let place = if chat.is_multiple_of(2) {
            format!(r#"{{"id":{user},"first_name":"{name}","username":"presser_{person}","type":"private"}}"#)
        } else {
            let id = 1_002_100_000_000 + chat as u64;
            format!(
                r#"{{"id":-{id},"title":"Rehearsal room {chat}","username":"rehearsal_{chat}","type":"supergroup"}}"#
            )
        };
        // Writing to a String cannot fail.
        let _ = write!(
            json,
            r#"{{"update_id":{update},"callback_query":{{"id":"{query}","from":{{"id":{user},"is_bot":false,"first_name":"{name}","last_name":"Presser","username":"presser_{person}","language_code":"{language}","is_premium":true}},"message":{{"message_id":{message},"from":{{"id":7000000001,"is_bot":true,"first_name":"Mixing desk","username":"mixing_desk_bot"}},"chat":{place},"date":{date},"edit_date":{edited},"text":"\ud83c\udf9a Mixing desk, channel {chat}\nLevel: {volume} of 100\nLast touched by somebody in the room","entities":[{{"offset":3,"length":11,"type":"bold"}},{{"offset":26,"length":5,"type":"italic"}},{{"offset":50,"length":8,"type":"code"}}],"reply_markup":{{"inline_keyboard":[[{{"text":"\ud83d\udd09 Softer","callback_data":"vol:down:{down}"}},{{"text":"\ud83d\udd07 Mute","callback_data":"vol:mute:0"}},{{"text":"\ud83d\udd0a Louder","callback_data":"vol:up:{up}"}}],[{{"text":"\u23ee Back","callback_data":"deck:back:{chat}"}},{{"text":"\u23ef Play","callback_data":"deck:play:{chat}"}},{{"text":"\u23ed Next","callback_data":"deck:next:{chat}"}}]]}}}},"chat_instance":"-{instance}","data":"vol:up:{volume}"}}}}"#,
            update = FIRST_UPDATE + press as i64,
            query = FIRST_QUERY + QUERY_STEP * press as u64,
            message = 4000 + press % 9000,
            date = 1_763_600_000 + press,
            edited = 1_763_690_000 + press,
            down = volume.saturating_sub(1),
            up = volume + 1,
            instance = 3_456_789_012_345_678_901 + chat as u64,
        );
        Press { person, json }
    }
}

/// The same for every run, and without a pattern that a cache could like.
fn scattered(press: usize) -> usize {
    let mut hash = (press as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        hash = (hash ^ (hash >> 30)).wrapping_mul(factor);
    }
    (hash ^ (hash >> 31)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_are_json_and_lead_back_to_their_press() {
        let crowd = Crowd { chats: 7, users: 3 };
        for press in 0..200 {
            let made = crowd.press(press);
            let update: serde_json::Value = serde_json::from_str(&made.json).expect("JSON");
            let query = &update["callback_query"];
            let id = query["id"].as_str().expect("an id").parse().expect("a number");
            assert_eq!(press_of(id), Some(press));
            assert_eq!(query["data"], format!("vol:up:{}", volume(press)));
            assert_eq!(query["from"]["id"], 5_100_000_000 + 7919 * made.person as u64);
            assert!(
                (1000..1500).contains(&made.json.len()),
                "{} bytes",
                made.json.len()
            );
        }
        assert_eq!(press_of(17), None);
        assert_eq!(press_of(FIRST_QUERY + 1), None);
    }
}
