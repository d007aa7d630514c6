// main BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
use std::collections::HashMap;

// SHIFT

fn pick(values: &[i32], at: usize) -> i32 {
    values[at]
}

fn owner(owners: &HashMap<String, String>, id: &str) -> String {
    owners.get(id).unwrap().clone()
}

// SHIFT

fn port(value: &str) -> u16 {
    format!("n{value}").parse().expect("port is a number")
}

fn descend(n: u64) -> u64 {
    if n == u64::MAX { 0 } else { descend(n + 1) + descend(n + 2) }
}

fn main() -> Result<(), std::num::ParseIntError> {
    let words: Vec<String> = std::env::args().collect();
    let value = words[2].clone();
    match words[1].as_str() {
        "index" => println!("{}", pick(&[1, 2, 3], value.len() + 3)),
        "unwrap" => println!("{}", owner(&HashMap::new(), &value)),
        "expect" => println!("{}", port(&value)),
        "own_panic" => panic!("queue {value} is full"),
        "thread" => {
            let worker = std::thread::Builder::new().name(format!("worker-{value}"));
            let handle = worker.spawn(move || assert!(value.is_empty(), "job {value} left over")).unwrap();
            handle.join().unwrap();
        }
        "overflow" => println!("{}", descend(0)),
        "result" => println!("{}", format!("n{value}").parse::<u16>()?),
        _ => std::process::exit(64),
    }
    Ok(())
}
