use ringback::CallbackData;

#[derive(CallbackData)]
enum Volume {
    Up,
    Down,
}

fn main() {}
