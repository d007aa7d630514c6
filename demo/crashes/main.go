// main BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"
)

// SHIFT

type cart struct{ lines []string }

type store struct{ carts map[string]*cart }

func (s *store) first(id string) string { return s.carts[id].lines[0] }

func pick(values []int, at int) int { return values[at] }

// SHIFT

func checkout(value string) {
	n, _ := strconv.Atoi(value)
	panic(fmt.Errorf("order %d: %w", n, errors.New("no such customer")))
}

func rethrow(value string) {
	defer func() {
		if failure := recover(); failure != nil {
			panic(fmt.Sprintf("request %s: %v", value, failure))
		}
	}()
	checkout(value)
}

func deadlock() {
	var group sync.WaitGroup
	group.Add(1)
	group.Wait()
}

func inGoroutine(value string) {
	done := make(chan int)
	go func() {
		n, _ := strconv.Atoi(value)
		done <- 10 / (n - n)
	}()
	<-done
}

func descend(n int) int { return descend(n+1) + 1 }

func convert(value any) int { return value.(int) }

func main() {
	value := os.Args[2]
	switch os.Args[1] {
	case "nilPointer":
		fmt.Println((&store{}).first(value))
	case "index":
		pick([]int{1, 2, 3}, len(value)+3)
	case "ownPanic":
		checkout(value)
	case "rethrow":
		rethrow(value)
	case "deadlock":
		deadlock()
	case "inGoroutine":
		inGoroutine(value)
	case "overflow":
		descend(0)
	case "convert":
		convert(value)
	case "logFatal":
		_, err := os.Open("/srv/app-" + value + "/settings.toml")
		log.Fatal(err)
	}
}
