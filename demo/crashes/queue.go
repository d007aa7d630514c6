// queue BUG NAME: bugs whose values are words. SHIFT stands where unrelated lines come and go.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
)

// SHIFT

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func readUser(name string) {
	_, err := os.ReadFile("/srv/none/" + name)
	must(err)
}

func readPlan(name string) {
	must(json.Unmarshal([]byte(name), &struct{}{}))
}

// SHIFT

type box struct{ next *box }

func (b *box) depth() int { return b.next.next.depth() }

func main() {
	name := os.Args[2]
	switch os.Args[1] {
	case "readUser":
		readUser(name)
	case "readPlan":
		readPlan(name)
	case "method":
		(&box{}).depth()
	case "closed":
		ch := make(chan string)
		close(ch)
		ch <- name
	case "inSort":
		sort.Slice(strings.Split(name+"bc", ""), func(a, b int) bool { panic("unsortable " + name) })
	case "stderr":
		fmt.Fprintln(os.Stderr, "error: the queue is locked")
		os.Exit(3)
	}
}
