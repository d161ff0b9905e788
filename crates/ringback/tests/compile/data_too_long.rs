use ringback::CallbackData;

#[derive(CallbackData)]
#[callback_data(prefix = "range")]
struct Range {
    from: i64,
    to: i64,
    step: i64,
}

fn main() {}
