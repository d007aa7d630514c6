// server BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// SHIFT
struct Queue {
  std::vector<int> items;
  void push(int item) {
    assert(items.size() > 5 && "queue is open");
    items.push_back(item);
  }
};

struct QuotaExceeded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// SHIFT
__attribute__((noinline)) void copy(const char *text) {
  char small[8];
  volatile size_t length = strlen(text) + 20;
  memset(small, 'x', length);
  std::cerr << small[0];
}

__attribute__((noinline)) int useAfterFree(int *memory) {
  delete[] memory;
  return memory[1];
}

int main(int, char **words) {
  std::string bug = words[1], value = words[2];
  if (bug == "runtime_error") throw std::runtime_error("shard " + value + " is gone");
  if (bug == "own_exception") throw QuotaExceeded("user " + value + " is over quota");
  if (bug == "out_of_range") return std::map<std::string, int>{}.at(value);
  if (bug == "thrown_int") throw std::stoi(value);
  if (bug == "unjoined") std::thread([] {});
  if (bug == "assertion") Queue{}.push(std::stoi(value));
  if (bug == "smash") copy(value.c_str());
  if (bug == "double_free") {
    char *memory = static_cast<char *>(malloc(2000)), *other = static_cast<char *>(malloc(100));
    free(memory);
    std::cerr << static_cast<void *>(other) << '\n';
    free(memory);
  }
  if (bug == "invalid_free") free(&words[1]);
  if (bug == "use_after_free") return useAfterFree(new int[std::stoi(value) % 50 + 10]);
  if (bug == "null") {
    std::cerr << "request " << value << " from 10.0.0." << value.size() << '\n';
    return *static_cast<volatile int *>(nullptr);
  }
}
