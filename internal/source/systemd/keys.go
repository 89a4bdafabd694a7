package systemd

import (
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/decode"
)

// The keys that systemd takes in each section, with the older names that it
// still takes: the table of its own parser, src/core/load-fragment-gperf.gperf.in
// of version 258, and systemd --dump-configuration-items of version 252. A key
// that is not here may be newer; only one that is almost one of these is called
// a mistake.
const (
	unitKeys = `Description Documentation Wants Requires Requisite BindsTo PartOf Upholds Conflicts Before After OnFailure OnSuccess
PropagatesReloadTo ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf RequiresMountsFor WantsMountsFor OnSuccessJobMode
OnFailureJobMode IgnoreOnIsolate StopWhenUnneeded RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies SurviveFinalKillSignal
CollectMode FailureAction SuccessAction FailureActionExitStatus SuccessActionExitStatus JobTimeoutSec JobRunningTimeoutSec JobTimeoutAction
JobTimeoutRebootArgument StartLimitIntervalSec StartLimitBurst StartLimitAction RebootArgument SourcePath ConditionArchitecture
ConditionVirtualization ConditionHost ConditionKernelCommandLine ConditionKernelVersion ConditionCredential ConditionEnvironment ConditionSecurity
ConditionCapability ConditionACPower ConditionNeedsUpdate ConditionFirstBoot ConditionPathExists ConditionPathExistsGlob ConditionPathIsDirectory
ConditionPathIsSymbolicLink ConditionPathIsMountPoint ConditionPathIsReadWrite ConditionPathIsEncrypted ConditionDirectoryNotEmpty
ConditionFileNotEmpty ConditionFileIsExecutable ConditionUser ConditionGroup ConditionControlGroupController ConditionMemory ConditionCPUs
ConditionCPUFeature ConditionOSRelease AssertPathExists AssertPathIsDirectory AssertFileNotEmpty AssertFileIsExecutable StartLimitInterval
BindTo PropagateReloadTo PropagateReloadFrom RequiresOverridable RequisiteOverridable OnFailureIsolate IgnoreOnSnapshot`

	installKeys = `Alias WantedBy RequiredBy UpheldBy Also DefaultInstance`

	serviceKeys = `Type ExitType RemainAfterExit GuessMainPID PIDFile BusName ExecStart ExecStartPre ExecStartPost ExecCondition ExecReload ExecStop
ExecStopPost RestartSec RestartSteps RestartMaxDelaySec TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutSec TimeoutStartFailureMode
TimeoutStopFailureMode RuntimeMaxSec RuntimeRandomizedExtraSec WatchdogSec Restart RestartMode SuccessExitStatus RestartPreventExitStatus
RestartForceExitStatus RootDirectoryStartOnly NonBlocking NotifyAccess Sockets FileDescriptorStoreMax FileDescriptorStorePreserve
USBFunctionDescriptors USBFunctionStrings OOMPolicy OpenFile ReloadSignal PermissionsStartOnly StartLimitInterval
StartLimitBurst StartLimitAction FailureAction RebootArgument SysVStartPriority BusPolicy ExecReloadPost RefreshOnReload`

	execKeys = `WorkingDirectory RootDirectory RootImage RootImageOptions RootEphemeral RootHash RootHashSignature RootVerity RootImagePolicy
MountImagePolicy MountAPIVFS BindLogSockets ProtectProc ProcSubset BindPaths BindReadOnlyPaths MountImages ExtensionImages ExtensionDirectories
User Group DynamicUser SupplementaryGroups SetLoginEnvironment PAMName CapabilityBoundingSet AmbientCapabilities NoNewPrivileges SecureBits
SELinuxContext AppArmorProfile SmackProcessLabel LimitCPU LimitFSIZE LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC
LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME UMask CoredumpFilter KeyringMode OOMScoreAdjust
TimerSlackNSec Personality IgnoreSIGPIPE Nice CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity NUMAPolicy NUMAMask
IOSchedulingClass IOSchedulingPriority ProtectSystem ProtectHome RuntimeDirectory StateDirectory CacheDirectory LogsDirectory
ConfigurationDirectory RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode
RuntimeDirectoryPreserve TimeoutCleanSec ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths TemporaryFileSystem PrivateTmp
PrivateDevices PrivateNetwork NetworkNamespacePath PrivateIPC IPCNamespacePath MemoryKSM PrivatePIDs PrivateUsers ProtectHostname ProtectClock
ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectControlGroups RestrictAddressFamilies RestrictFileSystems
RestrictNamespaces LockPersonality MemoryDenyWriteExecute RestrictRealtime RestrictSUIDSGID RemoveIPC PrivateMounts MountFlags SystemCallFilter
SystemCallErrorNumber SystemCallArchitectures SystemCallLog Environment EnvironmentFile PassEnvironment UnsetEnvironment StandardInput
StandardOutput StandardError StandardInputText StandardInputData LogLevelMax LogExtraFields LogRateLimitIntervalSec LogRateLimitBurst
LogFilterPatterns LogNamespace SyslogIdentifier SyslogFacility SyslogLevel SyslogLevelPrefix TTYPath TTYReset TTYVHangup TTYRows TTYColumns
TTYVTDisallocate LoadCredential LoadCredentialEncrypted ImportCredential SetCredential SetCredentialEncrypted UtmpIdentifier UtmpMode
KillMode KillSignal RestartKillSignal SendSIGHUP SendSIGKILL FinalKillSignal WatchdogSignal
CPUAccounting CPUWeight StartupCPUWeight CPUQuota CPUQuotaPeriodSec AllowedCPUs StartupAllowedCPUs MemoryAccounting MemoryMin MemoryLow
StartupMemoryLow MemoryHigh StartupMemoryHigh MemoryMax StartupMemoryMax MemorySwapMax StartupMemorySwapMax MemoryZSwapMax MemoryZSwapWriteback
AllowedMemoryNodes StartupAllowedMemoryNodes MemoryLimit TasksAccounting TasksMax IOAccounting IOWeight StartupIOWeight IODeviceWeight
IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec IPAccounting IPAddressAllow IPAddressDeny
SocketBindAllow SocketBindDeny RestrictNetworkInterfaces NFTSet IPIngressFilterPath IPEgressFilterPath BPFProgram DeviceAllow DevicePolicy Slice
Delegate DelegateSubgroup DisableControllers ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference
MemoryPressureWatch MemoryPressureThresholdSec CoredumpReceive CPUShares BlockIOWeight
StartupCPUShares BlockIOAccounting StartupBlockIOWeight BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth NetClass DefaultMemoryMin
DefaultMemoryLow DefaultStartupMemoryLow StartupMemoryZSwapMax ManagedOOMMemoryPressureDurationSec ExtensionImagePolicy ExecSearchPath Capabilities
PrivateBPF BPFDelegateCommands BPFDelegateMaps BPFDelegatePrograms BPFDelegateAttachments DelegateNamespaces UserNamespacePath MemoryTHP
ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories StateDirectoryAccounting StateDirectoryQuota CacheDirectoryAccounting
CacheDirectoryQuota LogsDirectoryAccounting LogsDirectoryQuota BindNetworkInterface`

	timerKeys = `OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec OnCalendar AccuracySec RandomizedDelaySec FixedRandomDelay
OnClockChange OnTimezoneChange Unit Persistent WakeSystem RemainAfterElapse DeferReactivation RandomizedOffsetSec`

	socketKeys = `ListenStream ListenDatagram ListenSequentialPacket ListenFIFO ListenSpecial ListenNetlink ListenMessageQueue ListenUSBFunction
SocketProtocol BindIPv6Only Backlog BindToDevice SocketUser SocketGroup SocketMode DirectoryMode Accept Writable FlushPending MaxConnections
MaxConnectionsPerSource KeepAlive KeepAliveTimeSec KeepAliveIntervalSec KeepAliveProbes NoDelay Priority DeferAcceptSec ReceiveBuffer SendBuffer
IPTOS IPTTL Mark ReusePort SmackLabel SmackLabelIPIn SmackLabelIPOut SELinuxContextFromNet PipeSize MessageQueueMaxMessages
MessageQueueMessageSize FreeBind Transparent Broadcast PassCredentials PassPIDFD PassSecurity PassPacketInfo Timestamping TCPCongestion
ExecStartPre ExecStartPost ExecStopPre ExecStopPost TimeoutSec Service RemoveOnStop Symlinks FileDescriptorName TriggerLimitIntervalSec
TriggerLimitBurst PollLimitIntervalSec PollLimitBurst PassFileDescriptorsToExec AcceptFileDescriptors DeferTrigger DeferTriggerMaxSec`
)

// sections maps a section to its keys: a cache of pure values.
var sections = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{
		"Unit": strings.Fields(unitKeys), "Install": strings.Fields(installKeys), "Timer": strings.Fields(timerKeys),
		"Service": append(strings.Fields(serviceKeys), strings.Fields(execKeys)...),
		"Socket":  append(strings.Fields(socketKeys), strings.Fields(execKeys)...),
	}
	for _, keys := range out {
		slices.Sort(keys)
	}
	return out
})

// misplaced tells what is wrong with a key in a section: it belongs to another
// one, or it is almost the name of a key; empty where nothing is known to be.
func misplaced(section, key string) string {
	keys, known := sections()[section]
	if !known || strings.HasPrefix(key, "X-") || slices.Contains(keys, key) || strings.HasPrefix(key, "Condition") || strings.HasPrefix(key, "Assert") {
		return ""
	}
	for _, other := range []string{"Unit", "Service", "Install"} {
		if other != section && slices.Contains(sections()[other], key) {
			return key + " stands in [" + section + "], where systemd ignores it; it belongs to [" + other + "]"
		}
	}
	best, distance := "", 3
	for _, name := range keys {
		if d := decode.Distance(strings.ToLower(key), strings.ToLower(name)); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return key + " is no key of [" + section + "], and systemd ignores it; did you mean " + best + "?"
}

// sectionMeant returns the section that an unknown one almost is called; empty
// where there is none, for others may use sections of their own.
func sectionMeant(name string) string {
	if _, known := sections()[name]; known || strings.HasPrefix(name, "X-") {
		return ""
	}
	for _, known := range []string{"Unit", "Install", "Service", "Timer", "Socket"} {
		if decode.Distance(strings.ToLower(name), strings.ToLower(known)) <= 2 {
			return known
		}
	}
	return ""
}
