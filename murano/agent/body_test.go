package agent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hearth/core/store/storetest"
)

// Bodies of public packages and what else Bodies may say. Each plan has the scripts deploy
// and check; a script answers with its number, from 0.
func TestBodies(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	s := connect(t, k.bootstrap("q"))
	for _, tc := range []struct{ body, commands, want string }{
		{"return", "", `null`},
		{"", "", `null`},
		{"# nothing\n\n", "", `null`},
		{"return deploy(args.appName).stdout\n", "deploy my app", `"0"`},
		{"return deploy('{0} {1} {2}'.format(args.appName, args.port, args.none)).stdout\n", "deploy my app 80 None", `"0"`},
		{"return deploy('\"{0}\"'.format(args.path)).exitCode == 0", `deploy "/etc/it's"`, `true`},
		{"deploy('{0}'.format(args.port))\n", "deploy 80", `null`},
		{"if args.yes:\n  deploy()\nelse:\n  check()\n", "deploy", `null`},
		{"if args.no:\n  deploy()\nelif args.port > 90:\n  check()\nelse:\n\n    # else\n    return check(commandline=args['appName'])", "check my app", `{"exitCode":0,"stderr":"e","stdout":"0"}`},
		{"a = deploy(); b = check(a.stdout).stdout\nreturn [a.stdout, b, {'n': len(b)}]", "deploy|check 0", `["0","1",{"n":1}]`},
		{"    return deploy.main('x').stdout\n", "deploy x", `"0"`},
		{"return 'no' if args.no else ('a' 'b' +\n  \"%s-%d\" % (args.appName, 7))", "", `"abmy app-7"`},
		{"return (1 + 2 * 3 - 7 // 2, 7 % 3, -7 // 2, 7 / 2, not args.no and args.yes, 'a' in 'abc', 2 not in [1], None is None, args.no or 'x')", "",
			`[4,1,-4,3.5,true,true,true,true,"x"]`},
		{"return ['a b'.split(), 'a,b'.split(','), ','.join(['x', 1]), ' x '.strip().upper(), 'abc'.startswith('ab'), '''l\n2''', r'\\d', '\\x', '{{}}{}'.format(1), int('12'), str(None)]", "",
			`[["a","b"],["a","b"],"x,1","X",true,"l\n2","\\d","\\x","{}1",12,"None"]`},
		{"if args.yes: return 1; deploy()\nreturn 2", "", `1`},

		{"return deploy(args.unknown)", "", `error 1 'unknown'`},
		{"return unknown()", "", `error 1 name 'unknown' is not defined`},
		{"return 1 < 'a'", "", `error 1 '<' not supported between instances of 'int' and 'str'`},
		{"return deploy", "", `error 1 the plan returns what is no data`},
		{"return 1 / 0", "", `error 1 division by zero`},
		{"return 'x'.__class__", "", `error 1 'str' object has no attribute '__class__'`},
		{"return '{0.__class__}'.format(args)", "", `error 1 '__class__'`},
		{"return open('/etc/passwd')", "", `error 1 name 'open' is not defined`},
		{"\nreturn (1", "", `error 1 Body, line 2: a bracket was never closed`},
		{"deploy()\nfor x in [1]:\n  deploy()", "", `error 1 Body, line 2: the statement for cannot be used in the Body of a plan here`},
		{"if args.yes:\nreturn 1", "", `error 1 Body, line 2: expected an indented block`},
		{"return " + strings.Repeat("(", 5000), "", `error 1 Body, line 1: a bracket was never closed`},
		{"return " + strings.Repeat("(", 5000) + strings.Repeat(")", 5000), "", `error 1 Body, line 1: too many nested parts`},
		{"return " + strings.Repeat("not ", 5000) + "1", "", `error 1 Body, line 1: too many nested parts`},
		{"x = 'aaaaaaaaaaaaaaaa'\n" + strings.Repeat("x = x + x\n", 40) + "return x", "", `error 1 a value has become too large`},
		{"x = [1, 2]\n" + strings.Repeat("x = [x, x, x]\n", 40) + "return x", "", `error 1 a value has become too large`},
		{"x = 'a'\n" + strings.Repeat("x = x.replace('a', 'aaaaaaaaaa')\n", 40) + "return x", "", `error 1 a value has become too large`},
		{"x = 'a'\n" + strings.Repeat("x = '{0}{0}{0}{0}'.format(x)\n", 40) + "return x", "", `error 1 a value has become too large`},
	} {
		id := tc.body
		plan, err := json.Marshal(map[string]any{
			"FormatVersion": "2.0.0", "Body": tc.body,
			"Parameters": map[string]any{"appName": "my app", "port": 80, "none": nil, "path": "/etc/it's", "yes": true, "no": false},
			"Files":      map[string]any{"f": map[string]any{"Name": "f", "BodyType": "Text", "Body": ""}},
			"Scripts": map[string]any{"deploy": map[string]any{"Type": "Application", "EntryPoint": "f"},
				"check": map[string]any{"Type": "Application", "EntryPoint": "f"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		k.offer("q", id, string(plan))
		if commands := carryOut(s, k, id); commands != tc.commands {
			t.Errorf("%s: runs %s; want %s", tc.body, commands, tc.commands)
		}
		a := k.result("q", id)
		got := a.body()
		if a.ErrorCode != 0 {
			b, _ := json.Marshal(a.ErrorCode)
			got = "error " + string(b) + " " + a.Body.(map[string]any)["Message"].(string)
		}
		if got != tc.want {
			t.Errorf("%.200s: %s; want %s", tc.body, got, tc.want)
		}
	}
}

// carryOut answers the steps of a plan with their numbers and gives the command lines.
func carryOut(s *server, k *kit, id string) string {
	var commands []string
	k.offer("q", "end of "+id, onePlan("return run().stdout", "echo"))
	for {
		path, text := s.step()
		if strings.Contains(text, "# plan One+plan\n") {
			s.post(path, "0", "", "")
			return strings.Join(commands, "|")
		}
		commands = append(commands, commandOf(s.t, text))
		s.post(path, "0", path[strings.LastIndex(path, "/")+1:]+"\n", "e")
	}
}

// Plans that no agent takes are answered as agents answer them.
func TestPlansThatAreRefused(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	s := connect(t, k.bootstrap("q"))
	file := `"Files": {"f": {"Name": "f", "BodyType": "Text", "Body": ""}}`
	for plan, want := range map[string]string{
		`[]`:                         `2 The execution plan is not a dictionary`,
		`{`:                          `2 The execution plan is no JSON`,
		`{"Scripts": ["x"]}`:         `9 Plans of format 1 are for the agent in Windows servers`,
		`{"FormatVersion": "3.0.0"}`: `9 Unsupported format version 3.0.0`,
		`{"FormatVersion": "2.0.0", "Scripts": []}`:                                                                              `2 Scripts is not a dictionary`,
		`{"FormatVersion": "2.0.0", "Scripts": {"s": {"Type": "Application", "EntryPoint": "g"}}, ` + file + `}`:                 `2 Script s misses entry point g`,
		`{"FormatVersion": "2.0.0", "Scripts": {"s": {"Type": "Application", "EntryPoint": "f", "Files": ["g"]}}, ` + file + `}`: `2 Script s misses file g`,
		`{"FormatVersion": "2.0.0", "Scripts": {"s": {"Type": "Ansible", "EntryPoint": "f"}}, ` + file + `}`:                     `2 Script has not a valid type Ansible`,
		`{"FormatVersion": "2.0.0", "Files": {"f": {"Name": "../../etc/passwd", "BodyType": "Text", "Body": ""}}}`:               `2 Incorrect Name entry in file f`,
		`{"FormatVersion": "2.0.0", "Files": {"f": {"Name": "f", "BodyType": "Base64", "Body": "%"}}}`:                           `2 Incorrect Body entry in file f`,
		`{"FormatVersion": "2.0.0", "Scripts": {"a b; rm -rf /": {"Type": "Application", "EntryPoint": "f"}}, ` + file + `}`:     `2 Incorrect script a b; rm -rf /`,
	} {
		k.offer("q", plan, plan)
		carryOut(s, k, plan)
		a := k.result("q", plan)
		b, _ := json.Marshal(a.ErrorCode)
		if got := string(b) + " " + a.Body.(map[string]any)["Message"].(string); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s; want %s", plan, got, want)
		}
	}
}
