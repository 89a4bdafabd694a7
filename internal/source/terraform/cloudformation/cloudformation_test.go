package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

const small = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, Default: prod}
  Size: {Type: Number}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Conditions:
  Big: !Equals [!Ref Env, prod]
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: !Sub "shop-${Env}"
      AllocatedStorage: !Ref Size
      MasterUserPassword: !Ref Password
      VPCSecurityGroups: [!GetAtt Web.GroupId]
      MultiAZ: true
      Tags:
      - {Key: Owner, Value: team}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Maybe:
    Type: AWS::SQS::Queue
    Condition: Big
    Properties:
      QueueName: {"Fn::Join": ["-", [{Ref: Env}, {Ref: Web}, queue]]}
  Function:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 3}
`

// TestRead gives resources Terraform's names where they mean the same, and says
// of all others that they are not read.
func TestRead(t *testing.T) {
	t.Parallel()
	c := Read("stack.yaml", []byte(small))
	if c == nil || len(c.Problems) > 0 {
		t.Fatalf("got %+v", c)
	}
	get := func(base string, path ...string) string {
		v := c.Find(base)[0].Body.Get(path...)
		return fmt.Sprintf("%d %q %v", v.Kind, v.Text, v.AllRefs())
	}
	for got, want := range map[string]string{
		c.Find("Db")[0].Type:                                                "aws_db_instance",
		"identifier " + get("Db", "identifier"):                             `identifier 3 "shop-prod" []`,
		"storage " + get("Db", "allocated_storage"):                         `storage 1 "" []`,
		"password " + get("Db", "password"):                                 `password 1 "" []`,
		"groups " + get("Db", "vpc_security_group_ids"):                     `groups 4 "" [Web]`,
		"multi " + get("Db", "multi_az"):                                    `multi 3 "true" []`,
		"owner " + get("Db", "tags", "Owner"):                               `owner 3 "team" []`,
		"retention " + get("Db", "backup_retention_period"):                 `retention 3 "1" []`,
		"from " + get("Web", "ingress", "cidr_blocks"):                      `from 4 "" []`,
		"protocol " + get("Web", "ingress", "protocol"):                     `protocol 3 "tcp" []`,
		"out " + get("Web", "egress", "protocol"):                           `out 3 "-1" []`,
		"name " + get("Maybe", "name"):                                      `name 1 "prod-" [Web]`,
		fmt.Sprint("maybe ", c.Find("Maybe")[0].Count.Kind == 1):            "maybe true",
		fmt.Sprint("line ", c.Find("Web")[0].At.Line):                       "line 19",
		fmt.Sprint("holes ", len(c.Holes)) + " " + c.Holes[0].Why:           "holes 1 Function (AWS::Kinesis::Stream) is not read in CloudFormation",
		fmt.Sprint(c.Variables[2].Sensitive, c.Variables[2].Name):           "truePassword",
		fmt.Sprint("default ", c.Variables[0].Default.Kind == model.Scalar): "default true",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

const functions = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Groups: {Type: CommaDelimitedList, Default: "sg-1, sg-2"}
Mappings:
  Sizes: {prod: {count: 3}}
Globals:
  Function:
    Environment: {Variables: {Shared: "1", Own: "1"}}
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      DesiredCount: !FindInMap [Sizes, prod, count]
      NetworkConfiguration: {AwsvpcConfiguration: {SecurityGroups: !Ref Groups, Subnets: [!Select [0, !Split [",", "subnet-1,subnet-2"]]]}}
      DeploymentConfiguration: !If [Careful, {MinimumHealthyPercent: 100}, {MinimumHealthyPercent: 0}]
  Idle:
    Type: AWS::ECS::Service
    Properties: {ServiceName: idle}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
      - {PolicyName: sure, PolicyDocument: {}}
      - !If [More, {PolicyName: more, PolicyDocument: {}}, !Ref AWS::NoValue]
      - !Ref AWS::NoValue
  Policy:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: p, PolicyDocument: {}, Roles: [!Ref Role, other]}
  Function:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {Own: "2"}}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
      - {Name: web, LinuxParameters: {Capabilities: {Drop: [ALL]}}, DockerLabels: {Team: shop}}
  "Fn::ForEach::Queues": [Name, [a, b], {}]
`

// TestFunctions works out what a template tells by itself, and nothing else.
func TestFunctions(t *testing.T) {
	t.Parallel()
	c := Read("stack.yaml", []byte(functions))
	get := func(base string, path ...string) string {
		v := c.Find(base)[0].Body.Get(path...)
		return fmt.Sprintf("%d %q %d", v.Kind, v.Text, len(v.Items))
	}
	for got, want := range map[string]string{
		"count " + get("Service", "desired_count"):                                        `count 3 "3" 0`,
		"groups " + get("Service", "network_configuration", "security_groups"):            `groups 4 "" 2`,
		"subnet " + get("Service", "network_configuration", "subnets"):                    `subnet 4 "" 1`,
		"lowest " + get("Service", "deployment_minimum_healthy_percent"):                  `lowest 1 "" 0`,
		"idle " + get("Idle", "desired_count") + get("Idle", "name"):                      `idle 3 "1" 03 "idle" 0`,
		"policies " + get("Role", "inline_policy"):                                        `policies 1 "" 1`,
		"role " + get("Policy aws_iam_role_policy", "name"):                               `role 3 "p" 0`,
		"shared " + get("Function", "environment", "variables", "Shared"):                 `shared 3 "1" 0`,
		"own " + get("Function", "environment", "variables", "Own"):                       `own 3 "2" 0`,
		"made " + get("Function", "role"):                                                 `made 1 "" 0`,
		"drop " + get("Task", "container_definitions", "linuxParameters", "capabilities"): `drop 5 "" 0`,
		"label " + get("Task", "container_definitions", "dockerLabels", "Team"):           `label 3 "shop" 0`,
		fmt.Sprint("policies for ", len(c.Find("Policy aws_iam_role_policy")), " roles"):  "policies for 2 roles",
		fmt.Sprint("problems ", len(c.Problems), ", holes ", len(c.Holes)):                "problems 0, holes 1",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestOther leaves alone what is no template, and reports one that is broken.
func TestOther(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"apiVersion: v1\nkind: ConfigMap\ndata: {x: \"AWS::S3\"}\n", "Resources: [AWS::]\n", "Resources:\n  x: {Type: OS::Nova::Server}\n# AWS::\n", ""} {
		if c := Read("x.yaml", []byte(text)); c != nil {
			t.Errorf("%q is taken for a template", text)
		}
	}
	c := Read("x.yaml", []byte("AWSTemplateFormatVersion: x\nResources:\n  a: [\n"))
	if c == nil || len(c.Problems) != 1 || len(c.Holes) != 1 {
		t.Errorf("a broken template yields %+v", c)
	}
	c = Read("x.yaml", []byte("AWSTemplateFormatVersion: x\nResources:\n  a: {Tpye: AWS::SQS::Queue}\n"))
	if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Message, "has no Type") {
		t.Errorf("a resource without a type yields %+v", c)
	}
}

// FuzzRead must come to an end without a crash.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(`{"Resources": {"a": {"Type": "AWS::X::Y", "Properties": {"Fn::Sub": ["${x", {}]}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		Read("x.yaml", []byte("AWSTemplateFormatVersion: x\n"+text))
		Read("x.json", []byte(text))
	})
}

// TestUnread: what is not read leaves a hole of what it may hold, what nobody
// knows of everything, and what is harmless none.
func TestUnread(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		"AWS::EC2::RouteTable": 0, "AWS::Route53::HostedZone": 0, "AWS::Lambda::Permission": 0, "AWS::CloudFormation::Stack": 17, "AWS::EC2::Instance": 17,
		"AWS::CloudFormation::CustomResource": 17, "Custom::Database": 17, "Datadog::Monitors::Monitor": 17, "AWS::Nimbus::Engine": 17, "AWS::Events::ApiDestination": 2,
	} {
		if kinds := holds(kind); len(kinds) != want {
			t.Errorf("%s: %d kinds %v, want %d", kind, len(kinds), kinds, want)
		}
	}
	for kind, m := range types {
		table, err := unread()
		if err != nil {
			t.Fatal(err)
		}
		if table.Lists(kind) && m.leaves == nil {
			t.Errorf("%s is read, and stands in types.txt: take it out there", kind)
		}
	}
}
