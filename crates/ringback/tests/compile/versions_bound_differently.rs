use ringback::CallbackData;

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed")]
struct Old(u32);

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed", bind(user), version = 2, from = Old)]
struct New(u32);

impl From<Old> for New {
    fn from(old: Old) -> Self {
        New(old.0)
    }
}

fn main() {}
